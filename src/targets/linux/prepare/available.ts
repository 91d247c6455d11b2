import type { Progress } from './rebuild.ts';

/** How many kernels are tried. */
const MAX_TRIES = 3;

/**
 * Why an archive does not deliver what its own index names: while a mirror is being updated, files are gone, or differ
 * from the index. Undefined for every other error.
 */
export function whyUnavailable(error: unknown): string | undefined {
  const message = error instanceof Error ? error.message : '';
  if (/\b404\b/.test(message)) return 'a file is gone from the archive (404)';
  if (/unexpected size|hash sum mismatch/i.test(message))
    return 'a file of the archive differs from its index (size or hash); the mirror may be in the middle of an update';
  return undefined;
}

/**
 * Acts on the first kernel whose files the archive delivers, and says which ones it does not.
 * @param packages their names, the newest kernel first.
 * @throws the error of the last kernel that was tried; at once if it has another cause.
 */
export async function firstAvailable<T>(
  packages: readonly string[],
  act: (name: string) => Promise<T>,
  progress: Progress,
): Promise<T> {
  const tried = packages.slice(0, MAX_TRIES);
  for (const [index, name] of tried.entries()) {
    try {
      return await act(name);
    } catch (error) {
      const why = whyUnavailable(error);
      const next = tried[index + 1];
      if (why === undefined || !next) throw error;
      progress(`${name}: ${why}; taking ${next} instead`);
    }
  }
  throw new Error('no kernel to take');
}
