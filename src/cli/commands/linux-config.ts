import { dirname } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../../common/errors.ts';
import { EXIT } from '../../common/exit.ts';
import { readText } from '../../common/read.ts';
import { printOut } from '../../common/terminal.ts';
import { ARCH_NAMES, archNamed, HOST } from '../../targets/linux/arch/index.ts';
import { DEBUG_KINDS } from '../../targets/linux/config/debug.ts';
import { collect } from '../options.ts';

interface ConfigOptions {
  arch?: string;
  flavour?: string;
  debug?: string[];
}

export const DEBUG_USAGE = `a kernel that checks itself: ${DEBUG_KINDS.join(', ')}; may be repeated`;

/** Registers `mmspec linux config`. */
export function registerConfig(linux: Command): void {
  linux
    .command('config')
    .summary('print what a kernel must be configured with')
    .description("print a fragment for the kernel's scripts/kconfig/merge_config.sh: all options that a target needs")
    .option('--arch <name>', `architecture of the kernel: ${ARCH_NAMES.join(', ')} (default: ${HOST.name})`)
    .option('--flavour <name>', 'flavour of the kernel, if the architecture has several')
    .option('--debug <kind>', DEBUG_USAGE, collect)
    .addHelpText(
      'after',
      `
In the folder of the kernel's sources:
  make defconfig
  npx mmspec linux config > mmspec.fragment
  scripts/kconfig/merge_config.sh -m .config mmspec.fragment && make olddefconfig
  npx mmspec linux prepare --check .config`,
    )
    .action(printFragment);
}

async function printFragment({ arch, flavour, debug = [] }: ConfigOptions): Promise<void> {
  const { fragmentFor } = await import('../../targets/linux/config/fragment.ts');
  printOut(fragmentFor(archNamed(arch, flavour), debug));
}

/**
 * Judges the configuration of a kernel, and prints what is wrong with it.
 * @param file path of the `.config`.
 * @returns the exit code: 2 if a target needs an option that it lacks.
 * @throws UsageError for a file that sets no option.
 */
export async function checkConfiguration(file: string, { arch, flavour, debug = [] }: ConfigOptions): Promise<number> {
  const { parseConfiguration, wrongOptions } = await import('../../targets/linux/config/check.ts');
  const { correction, wrongText } = await import('../../targets/linux/config/correct.ts');
  const chosen = archNamed(arch, flavour);
  const settings = parseConfiguration(readText(file));
  if (settings.size === 0)
    throw new UsageError(
      `${file} has no line such as CONFIG_SMP=y; expected the .config that the kernel is built with`,
    );
  const wrong = wrongOptions(settings, chosen, debug);
  const needed = wrong.filter(({ option }) => !option.optional);
  const useful = wrong.filter(({ option }) => option.optional);
  if (wrong.length === 0) printOut(`${file} has all that a target needs\n`);
  if (needed.length > 0) printOut(`a target needs other settings than those of ${file}:\n${wrongText(needed)}\n`);
  if (useful.length > 0) printOut(`a target can do less with these settings of ${file}:\n${wrongText(useful)}\n`);
  if (wrong.length > 0)
    printOut(
      `correct them all with these commands, in the same folder:\n  ${correction(dirname(file), chosen, debug)}\n`,
    );
  return needed.length > 0 ? EXIT.usage : EXIT.held;
}
