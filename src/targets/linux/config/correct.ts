import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from '../../../common/shell.ts';
import { type Arch, archOptions } from '../arch/index.ts';
import type { WrongOption } from './check.ts';

/** The script that merges a fragment into a configuration, in the sources of a kernel. */
const MERGE = 'scripts/kconfig/merge_config.sh';
/** In a build folder outside the sources, this link leads to them. */
const SOURCES = 'source';

/**
 * The command that corrects a configuration in one step, as the fragment names all parents.
 * @param folder the folder of the configuration, in which the command is to be run.
 */
export function correction(folder: string, arch: Arch, debug: readonly string[] = []): string {
  const script = existsSync(join(folder, SOURCES, MERGE)) ? join(SOURCES, MERGE) : MERGE;
  const fragment = commandLine('linux', 'config', ...archOptions(arch), ...debug.flatMap((kind) => ['--debug', kind]));
  return `${fragment} > mmspec.fragment && ${script} -m .config mmspec.fragment && make olddefconfig`;
}

function lineOf({ option: { name, value, why }, parentOf }: WrongOption): string {
  const setting = value === 'n' ? `CONFIG_${name} is set` : `CONFIG_${name} is not set`;
  const needs = parentOf.length === 1 ? 'needs it' : 'need it';
  const parent = parentOf.length > 0 ? `; ${parentOf.map((child) => `CONFIG_${child}`).join(', ')} ${needs}` : '';
  return `  ${setting}: ${why}${parent}`;
}

/** What is wrong with a configuration, a line for each option, each after its parents. */
export const wrongText = (wrong: readonly WrongOption[]): string => wrong.map(lineOf).join('\n');
