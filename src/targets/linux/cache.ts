import { homedir } from 'node:os';
import { join } from 'node:path';

/** A folder of the user's cache: `linux` holds the prepared kernels, `vmalloc` the builds of mm/vmalloc.c. */
export function cacheFolder(part: 'linux' | 'vmalloc' = 'linux'): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(base, 'mmspec', part);
}

/** The folder of one prepared kernel. */
export const preparedFolder = (name: string): string => join(cacheFolder(), name);

/** The folder of a suite's build root. */
export const rootFolder = (suite: string): string => join(cacheFolder(), '.roots', suite);

/** The folder of a suite's package lists. */
export const aptFolder = (suite: string): string => join(cacheFolder(), '.apt', suite);
