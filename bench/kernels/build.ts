import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus as processors } from 'node:os';
import { join } from 'node:path';
import { preparedFolder } from '../../src/targets/linux/cache.ts';
import { prepareOwn } from '../../src/targets/linux/index.ts';
import { type OpenTarget, openTarget } from '../../src/targets/open.ts';
import { runCommand } from '../../src/targets/process/command.ts';
import { processorSecondsOfAll } from '../clock.ts';
import type { Bug, Way } from './bug.ts';
import { edited } from './edit.ts';

/** How to build and open a target. */
export interface Choice {
  readonly way: Way;
  readonly cpus: number;
}

/** Names of prepared kernels: without a bug, and with one. */
const STOCK = 'bench-stock';
const kernelWith = ({ name }: Bug): string => `bench-${name}`;

/** Builds the kernel, and prepares it under a name. */
async function prepareBuilt(folder: string, name: string): Promise<void> {
  await runCommand(['make', '-s', '-C', folder, `-j${processors().length}`, 'bzImage'], { both: true });
  await prepareOwn(name, join(folder, 'arch/x86/boot/bzImage'), folder);
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
  if (way === 'vmalloc') opened = openTarget(`vmalloc:${folder}`, { cpus });
  else await prepareBuilt(folder, STOCK);
  await opened;
  return {
    open: () => (opened ??= openTarget(`linux:${STOCK}`, { cpus })),
    close: async () => (await opened)?.close(),
  };
}

/** Puts a bug into the sources while `act` runs. */
async function withBug<T>(bug: Bug, folder: string, act: () => Promise<T>): Promise<T> {
  const path = join(folder, bug.edit.file);
  const original = readFileSync(path, 'utf8');
  writeFileSync(path, edited(original, bug.edit));
  try {
    return await act();
  } finally {
    writeFileSync(path, original);
  }
}

/** Builds sources with a bug. A kernel is built once for all runs with its bug. */
export class Builder {
  readonly #folder: string;
  /** Seconds that it took to build and prepare the kernel with a bug, by its name. */
  readonly #kernels = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The target with a bug, and the seconds of processor time that it took to build it. The sources are as before
   * afterwards.
   */
  async open(bug: Bug, { way, cpus }: Choice): Promise<{ readonly target: OpenTarget; readonly seconds: number }> {
    const folder = this.#folder;
    const start = processorSecondsOfAll();
    if (way === 'vmalloc') {
      const target = await withBug(bug, folder, () => openTarget(`vmalloc:${folder}`, { cpus }));
      return { target, seconds: processorSecondsOfAll() - start };
    }
    const name = kernelWith(bug);
    if (!this.#kernels.has(name)) {
      await withBug(bug, folder, () => prepareBuilt(folder, name));
      this.#kernels.set(name, processorSecondsOfAll() - start);
    }
    const seconds = this.#kernels.get(name)!;
    const booting = processorSecondsOfAll();
    const target = await openTarget(`linux:${name}`, { cpus });
    return { target, seconds: seconds + processorSecondsOfAll() - booting };
  }

  /** Removes the kernels with bugs. */
  remove(): void {
    for (const name of this.#kernels.keys()) rmSync(preparedFolder(name), { recursive: true, force: true });
  }
}
