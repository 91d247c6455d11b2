import type { Command } from 'commander';

/** Registers `mmspec check-adapter`. */
export function registerCheckAdapter(program: Command): void {
  program
    .command('check-adapter')
    .summary('check that an adapter speaks the protocol')
    .description('check that an adapter speaks the protocol, before the implementation behind it is tested')
    .argument('<spec>', "exec:'COMMAND', tcp:HOST:PORT, unix:PATH, ffi:LIBRARY")
    .action(async (spec: string) => {
      const { checkAdapter } = await import('../../targets/check/index.ts');
      const { exitCode } = await checkAdapter(spec, { line: (text) => process.stdout.write(`${text}\n`) });
      process.exitCode = exitCode;
    });
}
