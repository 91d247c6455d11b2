import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, preparedFolder } from './cache.ts';

/** A kernel that is ready to be booted, as `prepared.json` beside it tells. */
export interface Prepared {
  /** What the target is called: `linux:NAME`. */
  readonly name: string;
  readonly folder: string;
  /** The suite that it comes from; undefined for a kernel that the user built. */
  readonly suite: string | undefined;
  /** Its architecture, where that is not amd64. */
  readonly arch?: string;
  /** The user's build folder, for a kernel that the user built. */
  readonly kdir: string | undefined;
  /** `uname -r`. */
  readonly release: string;
  /** Version of the package, '' for a kernel that the user built. */
  readonly version: string;
  /** Hash of the harness's sources. */
  readonly harness: string;
  /** When, as an ISO date. */
  readonly at: string;
}

/** The file with the kernel. */
export const kernelFile = (folder: string): string => join(folder, 'kernel');

/** The file with the initial root file system. */
export const initrdFile = (folder: string): string => join(folder, 'initrd');

/** The folder with modules of the kernel that have to be loaded first; their names say the order. */
export const modulesFolder = (folder: string): string => join(folder, 'modules');

/** A prepared kernel by its name, undefined where there is none. */
export function preparedNamed(name: string): Prepared | undefined {
  const folder = preparedFolder(name);
  const path = join(folder, 'prepared.json');
  if (!existsSync(path)) return undefined;
  return { ...(JSON.parse(readFileSync(path, 'utf8')) as Omit<Prepared, 'folder'>), folder };
}

/** Everything that is prepared, by name. */
export function listPrepared(): Prepared[] {
  const folder = cacheFolder();
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => !name.startsWith('.'));
  return names
    .sort()
    .map(preparedNamed)
    .filter((prepared) => prepared !== undefined);
}
