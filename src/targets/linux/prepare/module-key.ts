import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { harnessHash } from '../harness.ts';
import { filesBelow } from './files.ts';
import type { OwnKernel } from './own-kernel.ts';
import { sourceTree } from './source-tree.ts';

/** Folders with the headers that a module includes, in the sources and in the build folder. */
const HEADERS = ['include', 'arch/x86/include'];

/** Generated headers that say when and where the kernel was built. They change with each build. */
const STAMPS = /\/generated\/(compile|utsversion)\.h$/;

const contentOf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** Path, size and time of each header of a kernel. */
function* headersOf(kdir: string): Generator<string> {
  for (const root of new Set([sourceTree(kdir), kdir])) {
    for (const part of HEADERS) {
      const folder = join(root, part);
      if (!existsSync(folder)) continue;
      for (const path of filesBelow(folder)) {
        if (!path.endsWith('.h') || STAMPS.test(path)) continue;
        const { size, mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 };
        yield `${path} ${size} ${mtimeMs}`;
      }
    }
  }
}

/**
 * A hash of everything that the harness module of a kernel depends on. While it stays the same, the module fits each new
 * build of the kernel: edits of .c files do not change it.
 */
export function moduleKey({ kdir, release }: Pick<OwnKernel, 'kdir' | 'release'>): string {
  const hash = createHash('sha256').update(harnessHash()).update(release);
  for (const name of ['Module.symvers', '.config']) hash.update(`\0${name}\0`).update(contentOf(join(kdir, name)));
  for (const line of [...headersOf(kdir)].sort()) hash.update(`\0${line}`);
  return hash.digest('hex').slice(0, 16);
}
