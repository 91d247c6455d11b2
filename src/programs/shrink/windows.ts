import type { Cursor } from './pass.ts';

/** A run of units, [start, end). */
export interface Window {
  readonly start: number;
  readonly end: number;
  /** Where to continue once the units of this window are gone. */
  readonly next: Cursor;
}

/**
 * Windows over `count` units, large ones first. Each size goes from the end to the start, since late units depend on
 * early ones and can go without them. `most`: the size of the largest window.
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

/** A copy of a list with undefined at `positions[start]` to `positions[end - 1]`. */
export function without<T>(list: readonly T[], positions: readonly number[], start: number, end: number) {
  const left: (T | undefined)[] = [...list];
  for (let i = start; i < end; i++) left[positions[i]] = undefined;
  return left;
}
