import type { Clause } from '../../clauses/clause.ts';
import type { FrameId } from '../../notation/frame.ts';
import type { CallName } from '../../notation/names.ts';
import type { Origin } from '../known.ts';
import type { Removal } from '../promises.ts';

/** What a CPU was seen to hold of one page of a life: nothing yet. */
export const NEVER = 0;
/** It reached the frame while the page was mapped. */
export const LOADED = 1;
/** It reached the frame after the unmapping call had returned. */
export const STALE = 2;
/** It faulted after the unmapping call had returned: a translation that is gone cannot come back. */
export const GONE = 3;

/** One mapping of one range of kernel addresses, from the call that made it to the call that ended it. */
export interface Life {
  /** The name that it was bound to: 3 for `a3`. */
  readonly name: number;
  readonly origin: Origin;
  /** The call that made it, and the CPU that made the call; the call that ended it. */
  readonly mappedBy: CallName | undefined;
  readonly cpu: number;
  unmappedBy: CallName | undefined;
  /** First page number of the range, and its length in pages. */
  readonly start: number;
  readonly pages: number;
  readonly frames: readonly FrameId[];
  /** The clause that promises that the mapping is reached. */
  readonly maps: Clause;
  /** Logical times; Infinity where it has not happened. */
  readonly mapBegan: number;
  readonly mapped: number;
  unmapBegan: number;
  unmapped: number;
  /** What the call that ended it promises. */
  removal: Removal | undefined;
  /** What each CPU was seen to hold of each page, at index cpu * pages + page; created at the first read. */
  seen: Uint8Array | undefined;
  /** For each page, the life that had the address before, if any. */
  older: (Life | undefined)[] | undefined;
  /** The life that had the address of the guard page before. */
  underGuard: Life | undefined;
  /** 1 for each page whose address somebody else was seen to use after the life had ended. */
  others: Uint8Array | undefined;
}

/** The frame that a life has at a page number; undefined if it has none there, for example at its guard page. */
export const frameAt = (life: Life, location: number): FrameId | undefined => life.frames[location - life.start];

/** What a CPU was seen to hold of page `page` of a life. */
export function seenBy({ seen, pages }: Life, cpu: number, page: number): number {
  const index = cpu * pages + page;
  return seen !== undefined && index < seen.length ? seen[index] : NEVER;
}

/** Records what a CPU was seen to hold of page `page` of a life. */
export function markSeen(life: Life, cpu: number, page: number, held: number): void {
  const index = cpu * life.pages + page;
  let { seen } = life;
  if (seen === undefined || index >= seen.length) {
    const wider = new Uint8Array((cpu + 1) * life.pages);
    if (seen !== undefined) wider.set(seen);
    seen = life.seen = wider;
  }
  seen[index] = held;
}
