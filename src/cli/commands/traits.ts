import type { Command } from 'commander';
import { EXIT } from '../../common/exit.ts';
import { stopSignal } from '../../common/stopped.ts';
import { printOut } from '../../common/terminal.ts';
import { interruptible } from '../interrupt.ts';
import { addTime } from '../options.ts';

/** Registers `mmspec traits`. */
export function registerTraits(program: Command): void {
  const command = program
    .command('traits')
    .summary('list the points on which implementations may differ')
    .description('list the points on which implementations may differ, and what each profile says')
    .option('--infer <spec>', 'probe a target, and propose the traits that it should declare');
  addTime(command, 'with --infer: stop').action(async ({ infer, time }: { infer?: string; time?: number }) => {
    const { explainTraits, inferTraits, printInference, printTraits } = await import('../../targets/probes/index.ts');
    if (infer === undefined) {
      printOut(`${printTraits(explainTraits()).trimEnd()}\n`);
      return;
    }
    const inference = await interruptible((signal) => inferTraits(infer, stopSignal(time, signal)));
    printOut(`${printInference(inference).trimEnd()}\n`);
    if (!inference.complete) process.exitCode = EXIT.untested;
  });
}
