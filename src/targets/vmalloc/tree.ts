import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../../common/errors.ts';

/** A source tree of Linux. */
export interface Tree {
  /** Absolute path of its top folder. */
  readonly folder: string;
  /** `6.12.117`, or `7.1.0-rc3`. */
  readonly version: string;
  /** `6.12`: the shim may differ between these. */
  readonly series: string;
}

/** Files that a tree must have, each with what it is for. */
const NEEDED: readonly (readonly [path: string, purpose: string])[] = [
  ['mm/vmalloc.c', 'the file under test'],
  ['arch/um/Makefile', 'User Mode Linux, by whose rules the file is compiled'],
  ['arch/x86/um', 'User Mode Linux for x86'],
  ['lib/rbtree.c', 'a part of the kernel that mm/vmalloc.c calls'],
  ['lib/xarray.c', 'a part of the kernel that mm/vmalloc.c calls'],
];

/**
 * Checks a source tree.
 * @param path its top folder.
 * @throws UsageError with what is missing there.
 *
 * @example
 * ```ts
 * kernelTree('/usr/src/linux-source-6.12'); // { folder: '/usr/src/linux-source-6.12', version: '6.12.117', series: '6.12' }
 * ```
 */
export function kernelTree(path: string): Tree {
  const folder = resolve(path);
  const expected = 'expected the top folder of a source tree of Linux, as in vmalloc:/usr/src/linux';
  if (path === '') throw new UsageError(`vmalloc: names no folder; ${expected}`);
  if (!existsSync(folder)) throw new UsageError(`vmalloc:${path}: there is no folder ${folder}; ${expected}`);
  const makefile = join(folder, 'Makefile');
  const head = existsSync(makefile) && statSync(makefile).isFile() ? readFileSync(makefile, 'utf8').slice(0, 2000) : '';
  const field = (name: string): string => new RegExp(`^${name} *=[ \\t]*(\\S*)`, 'm').exec(head)?.[1] ?? '';
  const series = `${field('VERSION')}.${field('PATCHLEVEL')}`;
  if (!/^\d+\.\d+$/.test(series))
    throw new UsageError(`vmalloc:${path}: ${folder} has no Makefile with the version of a kernel; ${expected}`);
  const missing = NEEDED.filter(([file]) => !existsSync(join(folder, file)));
  if (missing.length > 0) {
    const lacking = missing.map(([file, purpose]) => `${file} (${purpose})`).join(', ');
    const headers = existsSync(join(folder, 'include/generated')) ? 'these are headers; ' : '';
    throw new UsageError(
      `vmalloc:${path}: the tree of Linux ${series} in ${folder} lacks ${lacking}; ` +
        `${headers}give the whole source, such as Debian packs it: apt-get install linux-source`,
    );
  }
  const sublevel = field('SUBLEVEL');
  return { folder, series, version: `${series}${sublevel === '' ? '' : `.${sublevel}`}${field('EXTRAVERSION')}` };
}
