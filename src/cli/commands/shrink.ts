import type { Command } from 'commander';
import { EXIT } from '../../common/exit.ts';
import { milliseconds } from '../../common/numbers.ts';
import { commandLine } from '../../common/shell.ts';
import { printOut, textColumns } from '../../common/terminal.ts';
import { loadOne } from '../../findings/corpus.ts';
import { checkFits } from '../../findings/fits.ts';
import { counterexamplePath, keepFinding } from '../../findings/keep.ts';
import { runUntilFailure } from '../../findings/until-failure.ts';
import { findingText } from '../../output/report/text/finding.ts';
import { withPlan } from '../../run/plan.ts';
import { shrinkFailure } from '../../run/shrink.ts';
import { headerFor } from '../../targets/agreement.ts';
import { openingWords } from '../../targets/opening-words.ts';
import { interruptible } from '../interrupt.ts';
import { nothingFails } from '../nothing-fails.ts';
import { addTarget, planOptions, type TargetOptions, timedOptions } from '../target-options.ts';

interface ShrinkOptions extends TargetOptions {
  time?: number;
  corpus?: string;
}

/** Registers `mmspec shrink`. */
export function registerShrink(program: Command): void {
  const command = program
    .command('shrink')
    .summary('make a failing program as short as possible')
    .description('make a failing program as short as possible, and certify that no shorter one fails in the same way')
    .argument('<file>', 'a program or trace in the notation');
  addTarget(command)
    .option('--time <duration>', 'time limit, such as 30s (default: 60s for shrinking)', milliseconds('--time'))
    .option('--corpus <folder>', 'save the shrunk program in this folder; mmspec run --corpus replays it first')
    .action(async (file: string, options: ShrinkOptions) => {
      process.exitCode = await shrinkFile(file, options);
    });
}

async function shrinkFile(file: string, options: ShrinkOptions): Promise<number> {
  const { document, trace } = loadOne(file);
  const began = performance.now();
  const asked = { ...timedOptions(options.time, planOptions(options)), programs: [trace.program] };
  return withPlan(options.target, asked, async (plan) => {
    const { target, agreement } = plan;
    checkFits(file, trace.program, target, agreement);
    const failing = await runUntilFailure(target, trace.program, agreement.terms);
    if (!failing.violation) {
      printOut(`${nothingFails(file, document, target)}: there is nothing to shrink\n`);
      return EXIT.held;
    }
    const left = options.time === undefined ? undefined : Math.max(1, options.time - (performance.now() - began));
    const finding = await interruptible(() =>
      shrinkFailure(failing, plan, { milliseconds: left, signal: asked.signal }),
    );
    const { corpus } = options;
    const saved = corpus === undefined ? file : counterexamplePath(finding, corpus);
    const again = commandLine('replay', saved, ...openingWords(target, agreement));
    printOut(`${findingText(finding, again, { page: target.manifest.page, width: textColumns() })}\n`);
    process.exitCode = EXIT.violated;
    if (corpus !== undefined)
      keepFinding(
        finding,
        headerFor(target.manifest, agreement, finding.trace.program),
        openingWords(target, agreement),
        corpus,
      );
    return EXIT.violated;
  });
}
