import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure, runCommand } from '../process/command.ts';
import { TargetFailure } from '../target.ts';
import { shadow } from './shadow.ts';
import type { Tree } from './tree.ts';

/** The options of the kernel, besides those that User Mode Linux always has. */
export const OPTIONS: readonly string[] = [
  'CONFIG_64BIT=y',
  // Series from 6.19 on have several CPUs; for the others, fixtures/vmalloc/include/config.h says so.
  'CONFIG_SMP=y',
  'CONFIG_NR_CPUS=8',
  'CONFIG_DEBUG_KERNEL=y',
  // Locks are then functions that the shim provides.
  'CONFIG_DEBUG_SPINLOCK=y',
  'CONFIG_DEBUG_VM=y',
];

/** Files that decide how the kernel is configured and which command compiles mm/vmalloc.c. */
const RULES = [
  'Makefile',
  'arch/um/Makefile',
  'arch/x86/Makefile.um',
  'arch/um/Kconfig',
  'arch/x86/um/Kconfig',
  'mm/Kconfig',
];

const TOOLS = 'make gcc flex bison bc';

/** A tree that is configured: what its build system says about compiling. */
export interface Configured {
  /** The folder in which the command runs. */
  readonly folder: string;
  /** The tree without what other builds left in it. */
  readonly source: string;
  /** The command that compiles mm/vmalloc.c, as the tree's build system wrote it down. */
  readonly command: string;
}

/** A key that changes with the options and with each of the rules. The tree is then configured again. */
function keyOf(tree: Tree): string {
  const hash = createHash('sha256').update(`${tree.folder}\0${OPTIONS.join('\n')}`);
  for (const file of RULES) {
    const path = join(tree.folder, file);
    hash.update(`\0${file}\0`).update(existsSync(path) ? readFileSync(path) : '');
  }
  return hash.digest('hex');
}

/**
 * Finds the command in the file that the build system keeps beside an object, such as `.vmalloc.o.cmd`.
 * @returns undefined if the file does not hold one.
 */
export const savedCommand = (text: string): string | undefined => /^(?:saved)?cmd_\S+ := (.*)$/m.exec(text)?.[1];

async function make(folder: string, ...words: string[]): Promise<void> {
  try {
    await runCommand(['make', '-s', '-C', folder, 'ARCH=um', ...words], { both: true });
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    throw new TargetFailure(
      `${error.message}\nmm/vmalloc.c is compiled by the rules of ARCH=um, which needs ${TOOLS} on this machine`,
      { log: error.output, cause: error },
    );
  }
}

/**
 * Configures a tree for User Mode Linux in a folder of the cache, unless that is done. The tree is not changed.
 * @param work a folder for this tree alone.
 * @throws TargetFailure with the last lines of the build system if that fails.
 */
export async function configure(tree: Tree, work: string): Promise<Configured> {
  const source = join(work, 'source');
  const folder = join(work, 'build');
  const stamp = join(work, 'configured');
  const key = keyOf(tree);
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== key) {
    rmSync(stamp, { force: true });
    rmSync(folder, { recursive: true, force: true });
    shadow(tree.folder, source);
    mkdirSync(folder, { recursive: true });
    const options = join(work, 'options');
    writeFileSync(options, `${OPTIONS.join('\n')}\n`);
    await make(source, `O=${folder}`, `KCONFIG_ALLCONFIG=${options}`, 'allnoconfig');
    await make(folder, 'prepare');
    await make(folder, 'mm/vmalloc.o');
    writeFileSync(stamp, key);
  }
  const command = savedCommand(readFileSync(join(folder, 'mm', '.vmalloc.o.cmd'), 'utf8'));
  if (command === undefined)
    throw new TargetFailure(
      `the build system of Linux ${tree.version} did not say how it compiled mm/vmalloc.c; expected "savedcmd_mm/vmalloc.o := ..." in ${folder}/mm/.vmalloc.o.cmd`,
    );
  return { folder, source, command };
}
