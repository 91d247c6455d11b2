import { homedir } from 'node:os';
import { join } from 'node:path';

/** A folder of the user's cache: `linux` holds the prepared kernels, `vmalloc` the builds of mm/vmalloc.c. */
export function cacheFolder(part: 'linux' | 'vmalloc'): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(base, 'mmspec', part);
}
