import type { FrameId } from '../../notation/frame.ts';
import type { Insertion, Removal } from '../promises.ts';

/** What a CPU was seen to hold of a page: what is (or was last) mapped there; or what was mapped before that. */
export const LOADED = 1;
export const LOADED_BEFORE = 2;

/** A user VMA, live or unmapped, page by page. */
export interface Vma {
  readonly name: number;
  /** The CPU that made it. */
  readonly cpu: number;
  /** First page number, and length in pages. */
  readonly start: number;
  readonly pages: number;
  /** Set of kinds that it may be (see ../known.ts): exactly one, except after a call that failed half way. */
  kinds: number;
  readonly shared: boolean;
  readonly object: number;
  /** Index of the first page in the object; -1 for a private remap, where it is the number of the frame. */
  readonly index: number;
  /** The whole VMA was remapped in one call. */
  remapped: boolean;
  live: boolean;
  /** What the call that unmapped the whole VMA promises; undefined while it is live. */
  ended: Removal | undefined;
  /** For each page the frame that is mapped, or -1. */
  readonly frames: Float64Array;
  readonly insertions: (Insertion | undefined)[];
  /** When the page was last filled or emptied. */
  readonly since: Float64Array;
  /** The frame that was there before it was emptied, or -1, and what the call that emptied it promises. */
  readonly last: Float64Array;
  readonly removals: (Removal | undefined)[];
  /** 1 if the page tables were seen to be without the page since it was emptied. */
  readonly untabled: Uint8Array;
  /** What each CPU was seen to hold of each page, at index cpu * pages + page. */
  readonly seen: Uint8Array;
  /** Pages that may be in one of several states after a parallel block; undefined if there are none. */
  possible: Map<number, readonly Possibility[]> | undefined;
}

/** Pages `[from, to)` of a VMA. */
export interface PageRange {
  readonly from: number;
  readonly to: number;
}

/** A call that empties pages of every VMA of an object. */
export interface Sweep {
  readonly object: number;
  readonly range: (vma: Vma) => PageRange;
  readonly removal: Removal;
  /** True for frames that it leaves mapped; undefined if it leaves none. */
  readonly spare: ((frame: FrameId) => boolean) | undefined;
}

/** One of several states that a page may be in, because overlapping calls may have taken effect in either order. */
export interface Possibility {
  readonly frame: FrameId;
  readonly insertion: Insertion | undefined;
  readonly removal: Removal | undefined;
}

/** Sets the states that a page may be in. If there is only one, the page is in that state. */
export function settlePage(vma: Vma, page: number, possibilities: readonly Possibility[]): void {
  const [{ frame, insertion, removal }] = possibilities;
  vma.frames[page] = frame;
  vma.insertions[page] = insertion;
  vma.removals[page] = removal;
  if (possibilities.length > 1) {
    vma.possible ??= new Map();
    vma.possible.set(page, possibilities);
  } else {
    vma.possible?.delete(page);
    if (vma.possible?.size === 0) vma.possible = undefined;
  }
}
