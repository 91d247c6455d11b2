import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWhole } from '../../../common/files.ts';
import { runCommand } from '../../process/command.ts';
import { type Arch, HOST } from '../arch/index.ts';
import { copyHarness } from '../harness.ts';
import type { BuildRoot } from './root.ts';

/** The harness, built for one kernel. */
export interface Built {
  readonly module: Buffer;
  readonly init: Buffer;
}

const INIT_FLAGS = ['-O2', '-Wall', '-Wextra', '-static', '-pthread', '-o'];
const INIT_SOURCES = ['main', 'conversation', 'parse', 'pick', 'points', 'print', 'run', 'symbols', 'wire'];

const makeFlags = (kdir: string, arch: Arch): string[] => [
  'make',
  '-s',
  `-j${Math.min(4, cpus().length)}`,
  `KDIR=${kdir}`,
  ...arch.compiler.make,
  // Type information would need vmlinux, which is not there.
  'CONFIG_DEBUG_INFO_BTF_MODULES=',
];

const initCommand = (folder: string, arch: Arch): string[] => [
  `${arch.compiler.tools}gcc`,
  ...INIT_FLAGS,
  `${folder}/init/init`,
  ...INIT_SOURCES.map((name) => `${folder}/init/${name}.c`),
];

const readBuilt = (folder: string): Built => ({
  module: readFileSync(join(folder, 'mmspec.ko')),
  init: readFileSync(join(folder, 'init', 'init')),
});

/** Keeps what was built in a folder, for `keptIn`. */
export function keepIn(folder: string, { module, init }: Built): void {
  writeWhole(join(folder, 'mmspec.ko'), module);
  writeWhole(join(folder, 'init', 'init'), init);
}

/** What was kept in a folder; undefined if something is missing. */
export function keptIn(folder: string): Built | undefined {
  try {
    return readBuilt(folder);
  } catch {
    return undefined;
  }
}

/** Builds the module and init with the compiler and the headers of a build root. */
export async function buildInRoot(root: BuildRoot, release: string, arch: Arch): Promise<Built> {
  // Several processes may build at the same time.
  const inside = `/harness-${process.pid}`;
  const folder = join(root.folder, inside);
  rmSync(folder, { recursive: true, force: true });
  copyHarness(folder);
  try {
    await root.run([...makeFlags(`/usr/src/linux-headers-${release}`, arch), '-C', inside]);
    await root.run(initCommand(inside, arch));
    return readBuilt(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Builds the module and init with the compiler of this machine, for a kernel that the user built.
 * @param kdir build folder of the kernel.
 */
export async function buildHere(kdir: string): Promise<Built> {
  const folder = mkdtempSync(join(tmpdir(), 'mmspec-'));
  copyHarness(folder);
  try {
    await runCommand([...makeFlags(kdir, HOST), '-C', folder], { both: true });
    await runCommand(initCommand(folder, HOST), { both: true });
    return readBuilt(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
