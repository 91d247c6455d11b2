import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Arch, archNamed } from './arch/index.ts';
import { kernelsFolder, preparedFolder } from './cache.ts';

/** A kernel that is ready for booting, as described by `prepared.json` in its folder. */
export interface Prepared {
  /** The name in the specification `linux:NAME`. */
  readonly name: string;
  readonly folder: string;
  /** The Debian suite; undefined for a kernel that the user built. */
  readonly suite: string | undefined;
  /** Debian's name of the architecture; undefined for that of the host. */
  readonly arch?: string;
  /** The flavour of the kernel; undefined for the default one. */
  readonly flavour?: string;
  /** The build folder of a kernel that the user built; undefined for the kernel of a suite. */
  readonly kdir: string | undefined;
  /** As `uname -r` prints it. */
  readonly release: string;
  /** Version of the package, or `build HASH` for a kernel that the user built. */
  readonly version: string;
  /** Hash of the sources from which the harness was built. */
  readonly harness: string;
  /** Of a kernel that the user built: a hash of what the harness module depends on. */
  readonly module?: string;
  /** Of a kernel that the user built: the commit of its sources, with `-dirty` after uncommitted changes. */
  readonly commit?: string;
  /** Of a kernel that the user built: the options of its configuration that reports name. */
  readonly options?: readonly string[];
  /** When it was prepared, as an ISO date. */
  readonly at: string;
}

/** The architecture of a prepared kernel. */
export const archOf = ({ arch, flavour }: Pick<Prepared, 'arch' | 'flavour'>): Arch => archNamed(arch, flavour);

/** The kernel itself. */
export const kernelFile = (folder: string): string => join(folder, 'kernel');

/** The initial root file system. */
export const initrdFile = (folder: string): string => join(folder, 'initrd');

/** The folder with the harness as it was built for the kernel, if it is kept. */
export const builtFolder = (folder: string): string => join(folder, 'built');

/** The folder with modules of the kernel that init loads first, in the order of their names. */
export const modulesFolder = (folder: string): string => join(folder, 'modules');

/** The prepared kernel of a name; undefined if no kernel has the name, or if its description is damaged. */
export function preparedNamed(name: string): Prepared | undefined {
  const folder = preparedFolder(name);
  const path = join(folder, 'prepared.json');
  try {
    const data = JSON.parse(readFileSync(path, 'utf8')) as Omit<Prepared, 'folder'>;
    const complete = [data.name, data.release, data.version, data.harness, data.at].every(
      (one) => typeof one === 'string',
    );
    return complete ? { ...data, folder } : undefined;
  } catch {
    return undefined;
  }
}

/** All prepared kernels, in the order of their names. */
export function listPrepared(): Prepared[] {
  const folder = kernelsFolder();
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => !name.startsWith('.'));
  return names
    .sort()
    .map(preparedNamed)
    .filter((prepared) => prepared !== undefined);
}
