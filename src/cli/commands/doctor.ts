import type { Command } from 'commander';
import pc from 'picocolors';
import { EXIT } from '../../common/exit.ts';

/** Registers `mmspec doctor`. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('what this machine lacks for Linux targets, and the command that installs it')
    .action(async () => {
      process.exitCode = await doctor();
    });
}

async function doctor(): Promise<number> {
  const { installCommand, linuxRequirements } = await import('../../targets/linux/index.ts');
  process.stdout.write(`${pc.green('there'.padEnd(8))} node ${process.version}\n`);
  for (const { program, package: name, purpose, present } of linuxRequirements()) {
    const word = present ? pc.green('there'.padEnd(8)) : pc.red('missing'.padEnd(8));
    process.stdout.write(`${word} ${program.padEnd(20)} ${name.padEnd(18)} ${purpose}\n`);
  }
  const needed = installCommand(linuxRequirements('any', 'suites'));
  const own = installCommand(linuxRequirements('own'));
  const arm64 = installCommand(linuxRequirements('arm64'));
  if (own) process.stdout.write(`\nfor a kernel of your own: ${own}\n`);
  if (arm64) process.stdout.write(`\nfor --arch arm64: ${arm64}\n`);
  if (needed === undefined) return EXIT.held;
  process.stdout.write(`\ninstall what is missing with: ${needed}\n`);
  return EXIT.untested;
}
