import type { Command } from 'commander';
import { EXIT } from '../../common/exit.ts';
import { wholeNumber } from '../../common/numbers.ts';
import { checkFits, runSome } from '../../findings/saved.ts';
import { explainFailure } from '../../run/explain.ts';
import { interruptible } from '../conduct.ts';
import { loadOne, recordedOn, type TargetOptions, withTarget } from '../opened.ts';
import { collect } from '../options.ts';

interface ExplainOptions extends TargetOptions {
  tries: number;
}

/** Registers `mmspec explain`. */
export function registerExplain(program: Command): void {
  program
    .command('explain')
    .description('say which steps, CPUs and arguments of a counterexample matter, found by trying')
    .argument('<file>', 'a program or trace in the notation')
    .option('-t, --target <spec>', 'what to run it on', 'embedded')
    .option('-p, --profile <name>', 'what to judge by, instead of what the target proposes')
    .option('--traits <name=choice>', 'override traits of the profile', collect)
    .option('--fault <name>', 'a fault to inject into a live kernel (linux targets)')
    .option('--tries <n>', 'programs to run at most', wholeNumber('--tries', 1), 5000)
    .action(async (file: string, options: ExplainOptions) => {
      process.exitCode = await explainFile(file, options);
    });
}

async function explainFile(file: string, options: ExplainOptions): Promise<number> {
  const { document, trace } = loadOne(file);
  return withTarget(options, [trace.program], async (target, agreement) => {
    checkFits(file, trace.program, target, agreement);
    const shown = await runSome(target, agreement, trace.program);
    if (!shown.violation) {
      process.stdout.write(
        `${file} holds on ${target.spec} (${target.manifest.name}): there is nothing to explain${recordedOn(document, target)}\n`,
      );
      return EXIT.held;
    }
    const { tries } = options;
    const { text } = await interruptible((signal) => explainFailure(shown, target, agreement, { tries, signal }));
    process.stdout.write(text);
    return EXIT.violated;
  });
}
