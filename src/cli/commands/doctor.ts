import type { Command } from 'commander';
import pc from 'picocolors';
import { EXIT } from '../../common/exit.ts';
import { ARCHES } from '../../targets/linux/arch.ts';

/** Registers `mmspec doctor`. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('check what this machine lacks for Linux targets')
    .description('check what Linux targets need on this machine, and print the command that installs the rest')
    .action(async () => {
      process.exitCode = await doctor();
    });
}

async function doctor(): Promise<number> {
  const { installCommand, linuxRequirements } = await import('../../targets/linux/index.ts');
  process.stdout.write(`${pc.green('found'.padEnd(8))} node ${process.version}\n`);
  for (const { program, package: name, purpose, present } of linuxRequirements()) {
    const word = present ? pc.green('found'.padEnd(8)) : pc.red('missing'.padEnd(8));
    process.stdout.write(`${word} ${program.padEnd(20)} ${name.padEnd(18)} ${purpose}\n`);
  }
  const needed = installCommand(linuxRequirements('any', 'suites'));
  const own = installCommand(linuxRequirements('own'));
  if (own) process.stdout.write(`\nfor a kernel of your own: ${own}\n`);
  for (const arch of ARCHES) {
    const missing = installCommand(linuxRequirements(arch));
    if (missing) process.stdout.write(`\nfor --arch ${arch}: ${missing}\n`);
  }
  if (needed === undefined) return EXIT.held;
  process.stdout.write(`\ninstall what is missing with: ${needed}\n`);
  return EXIT.untested;
}
