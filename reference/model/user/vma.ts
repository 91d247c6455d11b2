import type { Clause } from '../../clauses/clause.ts';
import type { FrameId } from '../../notation/frame.ts';
import type { Judgement } from '../judgement.ts';
import type { Insertion, Removal } from '../promises.ts';
import type { Seen } from '../seen.ts';
import { type Access, Protection, type Restriction } from './protection.ts';

/** What a CPU was seen to hold of a page: what is (or was last) mapped there; or what was mapped before that. */
export const LOADED = 1;
export const LOADED_BEFORE = 2;

/** What `mmap` is asked for. */
export interface WantedVma {
  readonly name: number;
  readonly pages: number;
  readonly kinds: number;
  readonly shared: boolean;
  readonly object: number;
  readonly index: number;
  /** A fork leaves it out (VM_DONTCOPY). */
  readonly dontCopy: boolean;
}

/** A user VMA, live or unmapped, page by page. */
export class Vma implements Seen {
  name!: number;
  /** The CPU that made it. */
  cpu!: number;
  /** First page number, and length in pages. */
  start!: number;
  pages!: number;
  /** Set of kinds that it may be (see ../known.ts): exactly one, except after a call that failed half way. */
  kinds!: number;
  shared!: boolean;
  object!: number;
  /** Index of the first page in the object; -1 for a private remap, where it is the number of the frame. */
  index!: number;
  dontCopy!: boolean;
  /** The whole VMA was remapped in one call. */
  remapped!: boolean;
  live!: boolean;
  /** What the call that unmapped the whole VMA promises; undefined while it is live. */
  ended: Removal | undefined;
  /** How its pages can be accessed, where a call has changed that. */
  protection: Protection | undefined;
  /** 1 for pages that a call unmapped as a part of the VMA; undefined while it is whole. */
  cut: Uint8Array | undefined;
  /** For each page the frame that is mapped, or -1. */
  readonly frames: FrameId[] = [];
  readonly insertions: (Insertion | undefined)[] = [];
  /** When the page was last filled or emptied. */
  readonly since: number[] = [];
  /** The frame that was there before it was emptied, or -1, and what the call that emptied it promises. */
  readonly last: FrameId[] = [];
  readonly removals: (Removal | undefined)[] = [];
  /** Whether the page tables were seen to be without the page since it was emptied. */
  readonly untabled: boolean[] = [];
  /** What each CPU was seen to hold of each page: LOADED or LOADED_BEFORE. */
  seenBits!: number;
  seenList: Uint8Array | undefined;
  /** Pages that may be in one of several states after a parallel block; undefined if there are none. */
  possible: Map<number, readonly Possibility[]> | undefined;

  /** Changes how the pages can be accessed. `now`: the logical time. */
  protect(access: Access, restriction: Restriction, now: number): void {
    this.protection ??= new Protection();
    this.protection.set(access, restriction, now);
  }

  /**
   * Begins a VMA where nothing is mapped yet. The object may have been another VMA of this length, in an earlier trace.
   * @param start first page number.
   */
  begin(wanted: WantedVma, start: number, { cpu, now }: Pick<Judgement, 'cpu' | 'now'>): void {
    this.name = wanted.name;
    this.cpu = cpu;
    this.start = start;
    this.pages = wanted.pages;
    this.kinds = wanted.kinds;
    this.shared = wanted.shared;
    this.object = wanted.object;
    this.index = wanted.index;
    this.dontCopy = wanted.dontCopy;
    this.remapped = false;
    this.live = true;
    this.ended = undefined;
    this.cut = undefined;
    this.protection = undefined;
    this.seenBits = 0;
    this.seenList = undefined;
    this.possible = undefined;
    for (let page = 0; page < wanted.pages; page++) {
      this.frames[page] = -1;
      this.insertions[page] = undefined;
      this.since[page] = now;
      this.last[page] = -1;
      this.removals[page] = undefined;
      this.untabled[page] = false;
    }
  }

  /** Becomes a copy of a VMA in another address space. `maps`: the clause that promises that its pages are mapped. */
  copyOf(old: Vma, now: Pick<Judgement, 'cpu' | 'now'>, maps: Clause): void {
    this.begin(old, old.start, now);
    this.remapped = old.remapped;
    this.live = old.live;
    this.ended = old.ended;
    this.cut = old.cut?.slice();
    this.protection = old.protection?.copy(now.now);
    for (let page = 0; page < old.pages; page++) {
      // Where a CPU may fault once more at the original, it may at the copy, and nowhere else.
      if (!old.protection?.mayFault(true, old.since[page])) this.since[page] = now.now + 1;
      this.frames[page] = old.frames[page];
      this.insertions[page] = asCopied(old.insertions[page], maps);
      this.last[page] = old.last[page];
      this.removals[page] = old.removals[page];
    }
    if (old.possible === undefined) return;
    this.possible = new Map();
    for (const [page, states] of old.possible)
      this.possible.set(
        page,
        states.map((one) => ({ ...one, insertion: asCopied(one.insertion, maps) })),
      );
  }
}

/** A page of a VMA that was copied: what promised the original promised that it is counted, or not. */
const asCopied = (insertion: Insertion | undefined, maps: Clause): Insertion | undefined =>
  insertion && { maps, counted: insertion.counted };

/** Whether a page, counted from the start of a VMA, is part of it now. */
export const hasPage = ({ live, pages, cut }: Vma, page: number): boolean =>
  live && page >= 0 && page < pages && cut?.[page] !== 1;

/** Whether a VMA has one of the page numbers `[start, end)`. */
export function overlaps(vma: Vma, start: number, end: number): boolean {
  const from = Math.max(start - vma.start, 0);
  const to = Math.min(end - vma.start, vma.pages);
  if (from >= to || vma.cut === undefined) return from < to;
  return vma.cut.subarray(from, to).includes(0);
}

/** Pages `[from, to)` of a VMA. */
export interface PageRange {
  readonly from: number;
  readonly to: number;
}

/** Pages of a VMA that a call empties, and what it promises about them. */
export interface SweptRange extends PageRange {
  readonly removal: Removal;
}

/** A call that empties pages of every VMA of an object. */
export interface Sweep {
  readonly object: number;
  readonly ranges: (vma: Vma) => readonly SweptRange[];
  /** True for frames that it leaves mapped; undefined if it leaves none. */
  readonly spare: ((frame: FrameId) => boolean) | undefined;
}

/** One of several states that a page may be in, because overlapping calls may have taken effect in either order. */
export interface Possibility {
  readonly frame: FrameId;
  readonly insertion: Insertion | undefined;
  readonly removal: Removal | undefined;
}

/** The frames that a page may have, -1 for nothing: one, or several after a parallel block. */
export const framesAt = ({ possible, frames }: Vma, page: number): FrameId[] =>
  possible?.get(page)?.map(({ frame }) => frame) ?? [frames[page]];

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
