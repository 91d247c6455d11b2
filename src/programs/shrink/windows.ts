import type { Cursor } from './pass.ts';

/** A run of units: `[start, end)`. */
export interface Window {
  readonly start: number;
  readonly end: number;
  /** Where to go on if the units of this window are gone. */
  readonly next: Cursor;
}

/**
 * Windows over `count` units, big ones first, each size from the end to the start: what is late depends on what is
 * early, and can go without it. `most` is the size of the biggest.
 */
export function* windows(count: number, from: Cursor | undefined, most = count): Iterable<Window> {
  let size = Math.min(from?.size ?? most, Math.max(count, 1));
  let end = Math.min(from?.at ?? count, count);
  for (;;) {
    for (; end > 0; end -= size) {
      const start = Math.max(end - size, 0);
      yield { start, end, next: { at: start, size } };
    }
    if (size <= 1) return;
    size = size <= 3 ? 1 : Math.ceil(size / 2);
    end = count;
  }
}

/** A list without the entries at some positions, holes in their place. */
export function without<T>(list: readonly T[], positions: readonly number[], start: number, end: number) {
  const left: (T | undefined)[] = [...list];
  for (let i = start; i < end; i++) left[positions[i]] = undefined;
  return left;
}
