import type { Command } from 'commander';
import pc from 'picocolors';
import { EXIT } from '../../common/exit.ts';
import { printOut } from '../../common/terminal.ts';
import { ARCH_NAMES, ARCHES, archNamed, archOptions, HOST } from '../../targets/linux/arch/index.ts';

interface DoctorOptions {
  arch?: string;
  flavour?: string;
}

/** Registers `mmspec doctor`. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('check what this machine lacks for Linux targets')
    .description('check what Linux targets need on this machine, and print the command that installs the rest')
    .option('--arch <name>', `architecture of the kernels: ${ARCH_NAMES.join(', ')} (default: ${HOST.name})`)
    .option('--flavour <name>', 'flavour of the kernels, if the architecture has several')
    .action(async (options: DoctorOptions) => {
      process.exitCode = await doctor(options);
    });
}

const row = (present: boolean, name: string, rest = ''): string => {
  const word = present ? pc.green('found'.padEnd(8)) : pc.red('missing'.padEnd(8));
  return `${`${word} ${name.padEnd(20)} ${rest}`.trimEnd()}\n`;
};

async function doctor(options: DoctorOptions): Promise<number> {
  const { installCommand, linuxRequirements } = await import('../../targets/linux/index.ts');
  const arch = archNamed(options.arch, options.flavour);
  printOut(row(true, `node ${process.version}`));
  const uses = arch === HOST ? (['suites', 'own', 'build'] as const) : (['suites'] as const);
  for (const { program, package: name, purpose, version, present } of linuxRequirements(arch, ...uses))
    printOut(row(present, program, `${name.padEnd(18)} ${purpose}${version ? ` (${version})` : ''}`));
  if (arch === HOST) {
    const own = installCommand(linuxRequirements(arch, 'own', 'build'));
    if (own) printOut(`\nfor a kernel of your own: ${own}\n`);
    for (const other of ARCHES.filter((known) => known !== HOST && known.flavour === '')) {
      const missing = installCommand(linuxRequirements(other));
      if (missing) printOut(`\nfor ${archOptions(other).join(' ')}: ${missing}\n`);
    }
  } else {
    printOut(
      `\na kernel of this architecture has pages of ${arch.page} bytes, ${arch.byteOrder}-endian words and ${arch.bits}-bit addresses\n`,
    );
  }
  const needed = installCommand(linuxRequirements(arch, 'suites'));
  if (needed === undefined) return EXIT.held;
  printOut(`\ninstall what is missing with: ${needed}\n`);
  return EXIT.untested;
}
