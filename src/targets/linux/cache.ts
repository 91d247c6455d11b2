import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder that holds everything that was prepared: kernels, or with another `part` something else. */
export function cacheFolder(part = 'linux'): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(base, 'mmspec', part);
}

/** The folder of one prepared kernel. */
export const preparedFolder = (name: string): string => join(cacheFolder(), name);

/** The folder of a suite's build root. */
export const rootFolder = (suite: string): string => join(cacheFolder(), '.roots', suite);

/** The folder of a suite's package lists. */
export const aptFolder = (suite: string): string => join(cacheFolder(), '.apt', suite);
