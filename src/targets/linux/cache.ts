import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder under which everything that was prepared lies. */
export function cacheFolder(): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(base, 'mmspec', 'linux');
}

/** The folder of one prepared kernel. */
export const preparedFolder = (name: string): string => join(cacheFolder(), name);

/** The build root of a suite: its compiler and headers, unpacked side by side. */
export const rootFolder = (suite: string): string => join(cacheFolder(), '.roots', suite);

/** The package lists of a suite, apart from the system's own. */
export const aptFolder = (suite: string): string => join(cacheFolder(), '.apt', suite);
