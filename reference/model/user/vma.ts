import type { FrameId } from '../../notation/frame.ts';
import type { Insertion, Removal } from '../promises.ts';

/** What a CPU was seen to hold of a page: what is mapped, or was until it was emptied; what was there before that. */
export const LOADED = 1;
export const LOADED_BEFORE = 2;

/** A user VMA, live or unmapped, page by page. */
export interface Vma {
  readonly name: number;
  /** First page number, and length in pages. */
  readonly start: number;
  readonly pages: number;
  /** Set of kinds that it may be (see ../known.ts); one kind, but after a call that failed half way. */
  kinds: number;
  readonly shared: boolean;
  readonly object: number;
  /** Index in the object of the first page; -1 where it is the frame's own number (a private remap). */
  readonly index: number;
  /** The whole VMA was remapped in one call. */
  remapped: boolean;
  live: boolean;
  /** For each page the frame that is mapped, or -1. */
  readonly frames: Float64Array;
  readonly insertions: (Insertion | undefined)[];
  /** When the page was last filled or emptied. */
  readonly since: Float64Array;
  /** The frame that was there before it was emptied, or -1, and what the call that emptied it promises. */
  readonly last: Float64Array;
  readonly removals: (Removal | undefined)[];
  /** Page tables were seen not to have the page since it was emptied. */
  readonly untabled: Uint8Array;
  /** For each CPU and page (cpu * pages + page) what the CPU was seen to hold. */
  readonly seen: Uint8Array;
  /** Pages that are in one of several states, after a parallel block; undefined where there are none. */
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
  /** Says which frames stay all the same. */
  readonly spare: ((frame: FrameId) => boolean) | undefined;
}

/** A page that is in one of several states, since calls that overlapped may have taken effect in either order. */
export interface Possibility {
  readonly frame: FrameId;
  readonly insertion: Insertion | undefined;
  readonly removal: Removal | undefined;
}

/** Leaves a page in one of several states; one alone is a fact. */
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
