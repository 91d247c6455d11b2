import type { Command } from 'commander';
import { EXIT } from '../../common/exit.ts';
import { wholeNumber } from '../../common/numbers.ts';
import { printOut } from '../../common/terminal.ts';
import { loadOne } from '../../findings/corpus.ts';
import { checkFits } from '../../findings/fits.ts';
import { runUntilFailure } from '../../findings/until-failure.ts';
import { explainFailure } from '../../run/explain.ts';
import { withPlan } from '../../run/plan.ts';
import { interruptible } from '../interrupt.ts';
import { nothingFails } from '../nothing-fails.ts';
import { addTime } from '../options.ts';
import { addTarget, planOptions, type TargetOptions, timedOptions } from '../target-options.ts';

interface ExplainOptions extends TargetOptions {
  tries?: number;
  time?: number;
}

/** Registers `mmspec explain`. */
export function registerExplain(program: Command): void {
  const command = program
    .command('explain')
    .summary('say which steps, CPUs and arguments of a failure matter')
    .description('say which steps, CPUs and arguments of a failing program matter, found by running variations of it')
    .argument('<file>', 'a program or trace in the notation');
  addTime(addTarget(command))
    .option('--tries <n>', 'maximum number of variations to run (default: 5000)', wholeNumber('--tries', 1))
    .action(async (file: string, options: ExplainOptions) => {
      process.exitCode = await explainFile(file, options);
    });
}

async function explainFile(file: string, options: ExplainOptions): Promise<number> {
  const { document, trace } = loadOne(file);
  const asked = { ...timedOptions(options.time, planOptions(options)), programs: [trace.program] };
  return withPlan(options.target, asked, async (plan) => {
    const { target, agreement } = plan;
    checkFits(file, trace.program, target, agreement);
    const failing = await runUntilFailure(target, trace.program, agreement.terms);
    if (!failing.violation) {
      printOut(`${nothingFails(file, document, target)}: there is nothing to explain\n`);
      return EXIT.held;
    }
    const { tries } = options;
    const { text } = await interruptible(() => explainFailure(failing, plan, { tries, signal: asked.signal }));
    printOut(text);
    return EXIT.violated;
  });
}
