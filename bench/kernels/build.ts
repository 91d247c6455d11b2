import { readFileSync, writeFileSync } from 'node:fs';
import { cpus as processors } from 'node:os';
import { join } from 'node:path';
import { prepareOwn } from '../../src/targets/linux/index.ts';
import { type OpenTarget, openTarget } from '../../src/targets/open.ts';
import { runCommand } from '../../src/targets/process/command.ts';
import type { Bug } from './bug.ts';
import { edited } from './edit.ts';

/** How the sources become a target: `vmalloc`, without a kernel, or `kernel`, which is built and booted. */
export type Way = 'vmalloc' | 'kernel';

/** How to build and open a target. */
export interface Choice {
  readonly way: Way;
  readonly cpus: number;
}

/** Builds the kernel, and prepares it under a name. */
async function prepareBuilt(folder: string, name: string): Promise<void> {
  await runCommand(['make', '-s', '-C', folder, `-j${processors().length}`, 'bzImage'], { both: true });
  await prepareOwn(name, join(folder, 'arch/x86/boot/bzImage'), folder);
}

/** Builds the sources as they are, and opens them. */
export async function openBuilt({ way, cpus }: Choice, folder: string): Promise<OpenTarget> {
  if (way === 'vmalloc') return openTarget(`vmalloc:${folder}`, { cpus });
  await prepareBuilt(folder, 'bench');
  return openTarget('linux:bench', { cpus });
}

/** The target without a bug. */
export interface Stock {
  /** Opens it, once. */
  readonly open: () => Promise<OpenTarget>;
  readonly close: () => Promise<void>;
}

/**
 * Builds the sources without a bug. A kernel is built once and starts when it is needed first; the program of
 * `vmalloc` starts at once, since later builds replace its file.
 */
export async function openStock({ way, cpus }: Choice, folder: string): Promise<Stock> {
  let opened: Promise<OpenTarget> | undefined;
  if (way === 'vmalloc') opened = openBuilt({ way, cpus }, folder);
  else await prepareBuilt(folder, 'bench-stock');
  await opened;
  return {
    open: () => (opened ??= openTarget('linux:bench-stock', { cpus })),
    close: async () => (await opened)?.close(),
  };
}

/** Puts a bug into the sources while `act` runs. */
export async function withBug<T>(bug: Bug, folder: string, act: () => Promise<T>): Promise<T> {
  const path = join(folder, bug.edit.file);
  const original = readFileSync(path, 'utf8');
  writeFileSync(path, edited(original, bug.edit));
  try {
    return await act();
  } finally {
    writeFileSync(path, original);
  }
}
