import type { Command } from 'commander';
import { stopSignal } from '../../common/stopped.ts';
import { printOut } from '../../common/terminal.ts';
import { interruptible } from '../interrupt.ts';
import { addTime } from '../options.ts';

/** Registers `mmspec check-adapter`. */
export function registerCheckAdapter(program: Command): void {
  const command = program
    .command('check-adapter')
    .summary('check that an adapter speaks the protocol')
    .description('check that an adapter speaks the protocol, before the implementation behind it is tested')
    .argument('<spec>', "exec:'COMMAND', tcp:HOST:PORT, unix:PATH, ffi:LIBRARY, or ./module.ts");
  addTime(command).action(async (spec: string, { time }: { time?: number }) => {
    const { checkAdapter } = await import('../../targets/check/index.ts');
    const line = (text: string): boolean => printOut(`${text}\n`);
    const { exitCode } = await interruptible((signal) =>
      checkAdapter(spec, { line, signal: stopSignal(time, signal)! }),
    );
    process.exitCode = exitCode;
  });
}
