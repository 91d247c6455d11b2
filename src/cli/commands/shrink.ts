import type { Command } from 'commander';
import { EXIT } from '../../common/exit.ts';
import { milliseconds } from '../../common/numbers.ts';
import { commandLine } from '../../common/shell.ts';
import { keepFinding } from '../../findings/keep.ts';
import { checkFits, runSome } from '../../findings/saved.ts';
import { findingText } from '../../output/report/text/finding.ts';
import { shrinkFailure } from '../../run/shrink.ts';
import { headerFor } from '../../targets/agreement.ts';
import { interruptible } from '../conduct.ts';
import { loadOne, recordedOn, type TargetOptions, withTarget } from '../opened.ts';
import { collect } from '../options.ts';

interface ShrinkOptions extends TargetOptions {
  time: number;
  corpus?: string;
}

/** Registers `mmspec shrink`. */
export function registerShrink(program: Command): void {
  program
    .command('shrink')
    .description('shrink a saved program that fails, and certify that nothing shorter fails in the same way')
    .argument('<file>', 'a program or trace in the notation')
    .option('-t, --target <spec>', 'what to run it on', 'embedded')
    .option('-p, --profile <name>', 'what to judge by, instead of what the target proposes')
    .option('--traits <name=choice>', 'override traits of the profile', collect)
    .option('--fault <name>', 'a fault to inject into a live kernel (linux targets)')
    .option('--time <duration>', 'how long it may take to shrink it, such as 30s', milliseconds, 60_000)
    .option('--corpus <folder>', 'save the shrunk program there; a later run replays it first')
    .action(async (file: string, options: ShrinkOptions) => {
      process.exitCode = await shrinkFile(file, options);
    });
}

async function shrinkFile(file: string, options: ShrinkOptions): Promise<number> {
  const { document, trace } = loadOne(file);
  return withTarget(options, [trace.program], async (target, agreement) => {
    checkFits(file, trace.program, target, agreement);
    const failing = await runSome(target, agreement, trace.program);
    if (!failing.violation) {
      process.stdout.write(
        `${file} holds on ${target.spec} (${target.manifest.name}): there is nothing to shrink${recordedOn(document, target)}\n`,
      );
      return EXIT.held;
    }
    const finding = await interruptible((signal) =>
      shrinkFailure(failing, target, agreement, { milliseconds: options.time, signal }),
    );
    let saved = file;
    if (options.corpus !== undefined) {
      const header = headerFor(target.manifest, agreement, finding.trace.program);
      saved = keepFinding(finding, header, target.spec, options.corpus);
    }
    const again = commandLine('replay', saved, '--target', target.spec);
    process.stdout.write(`${findingText(finding, again, target.manifest.page)}\n`);
    return EXIT.violated;
  });
}
