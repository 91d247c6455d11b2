import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../common/package.ts';

/** The folder of the shim. */
export const shimFolder = (): string => join(PACKAGE_ROOT, 'fixtures', 'vmalloc');

/** Files of the tree's `lib/` that are linked unmodified. */
const LIBRARY = ['rbtree', 'find_bit', 'bitmap', 'xarray', 'hweight', 'llist'];

/** Files of the kernel harness that know neither threads nor probes. */
const HARNESS = [
  'program',
  'execute',
  'kernel_calls',
  'reallocate',
  'area_lookups',
  'sparse_areas',
  'permissions',
  'observe',
  'place',
  'pool',
  'stamps',
  'sizes',
  'log',
  'course',
];
const CONVERSATION = ['conversation', 'parse', 'pick', 'print', 'run', 'wire'];

/** A file to compile. */
export interface Source {
  /** Absolute path, or for a file of the kernel its path in the tree. */
  readonly path: string;
  /** Name of its object, which no other source has. */
  readonly object: string;
  /** The file under test, a file that is compiled like the kernel, or one that is compiled like any program. */
  readonly kind: 'tested' | 'kernel' | 'host';
}

/** The C files in a folder, by name without `.c`. */
const inFolder = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.c'))
    .map((name) => name.slice(0, -2))
    .sort();

/** All files of the program. The first one is the file under test. */
export function sources(): Source[] {
  const shim = shimFolder();
  const harness = join(shim, '..', 'linux');
  const all = (kind: Source['kind'], folder: string, prefix: string, names: readonly string[]): Source[] =>
    names.map((name) => ({ kind, path: join(folder, `${name}.c`), object: `${prefix}${name}.o` }));
  return [
    ...all('tested', 'mm', '', ['vmalloc']),
    ...all('kernel', 'lib', 'lib-', LIBRARY),
    ...all('kernel', harness, 'harness-', HARNESS),
    ...all('kernel', join(shim, 'shim'), 'shim-', inFolder(join(shim, 'shim'))),
    ...all('host', join(harness, 'init'), 'init-', CONVERSATION),
    ...all('host', join(shim, 'host'), 'host-', inFolder(join(shim, 'host'))),
  ];
}
