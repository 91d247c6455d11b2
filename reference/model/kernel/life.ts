import type { Clause } from '../../clauses/clause.ts';
import type { FrameId } from '../../notation/frame.ts';
import type { Judgement } from '../judgement.ts';
import type { Origin } from '../known.ts';
import type { Mapping, Removal } from '../promises.ts';
import type { Seen } from '../seen.ts';

/** What a CPU was seen to hold of one page of a life: nothing yet. */
export const NEVER = 0;
/** It reached the frame while the page was mapped. */
export const LOADED = 1;
/** It reached the frame after the unmapping call had returned. */
export const STALE = 2;
/** It faulted after the unmapping call had returned: a translation that is gone cannot come back. */
export const GONE = 3;

/** The logical time of what has not happened yet: later than all others. The engine would allocate memory for Infinity. */
export const NOT_YET = 0x7fff_ffff;

/** The permissions that calls have given to an area. Who can write to it follows from these and from `Life.readOnly`. */
export interface Permissions {
  /** The clause that promises that CPUs can write again; undefined while they cannot. */
  readonly writable: Clause | undefined;
  /** The clause that promises that no old translation can be used to write. */
  readonly flushes: Clause | undefined;
  /** A call failed: each page may be read-only or not. */
  readonly unknown: boolean;
  /** The pages at which a write was seen to fault since then: the page tables forbid it. */
  readonly denied: Set<number>;
}

/** Who made a mapping. */
type Maker = Pick<Judgement, 'call' | 'called' | 'cpu'>;

/** One mapping of one range of kernel addresses, from the call that made it to the call that ended it. */
export class Life implements Seen {
  /** The name that it was bound to: 3 for `a3`. */
  name!: number;
  origin!: Origin;
  /** The call that made it, and the CPU that made the call; the call that ended it. See `Judgement.call`. */
  mappedBy!: number;
  /** User VMAs can map it. */
  forUser!: boolean;
  /** The clause that promises that no CPU can write to it; undefined if CPUs can. */
  readOnly: Clause | undefined;
  /** What calls have done to its permissions since it was mapped; undefined if none has. */
  permissions: Permissions | undefined;
  /** Freeing it flushes, and resets the permissions of its pages (VM_FLUSH_RESET_PERMS). */
  resets!: boolean;
  /** A call was asked to map pages of it in a user VMA. */
  inUser!: boolean;
  cpu!: number;
  unmappedBy!: number;
  /** First page number of the range, and its length in pages. */
  start!: number;
  pages!: number;
  frames!: readonly FrameId[];
  /** The size that was asked for, in bytes; undefined if it is known only in pages. */
  bytes: number | undefined;
  /** The clause that promises that the mapping is reached. */
  maps!: Clause;
  /** Logical times; NOT_YET where it has not happened. */
  mapBegan!: number;
  mapped!: number;
  unmapBegan!: number;
  unmapped!: number;
  /** The call that ends it has returned, but the area is unmapped some time later. */
  deferred!: boolean;
  /**
   * A worker frees it, or has freed it. The call wrote into its first word, so it may be taken for other memory. The
   * addresses are free before the pages are, which are freed one by one.
   */
  freedByWorker!: boolean;
  /** What the call that ended it promises. */
  removal: Removal | undefined;
  /** What each CPU was seen to hold of each page: LOADED, STALE or GONE. */
  seenBits!: number;
  seenList: Uint8Array | undefined;
  /** It is the newest life at all of its page numbers. */
  newest!: boolean;
  /** The life that had the addresses before, if any; for each page, if several lives had them. See `olderAt`. */
  older: Life | (Life | undefined)[] | undefined;
  /** The life that had the address of the guard page before. */
  underGuard: Life | undefined;
  /** Only of a sparse area: for each page, the newest life that a call has mapped there. */
  parts: (Life | undefined)[] | undefined;
  /** Only of a page that was mapped in a sparse area: the life of the area. */
  whole: Life | undefined;
  /** The call that made it succeeded. If not, the page may be mapped or not. */
  certain!: boolean;
  /** 1 for each page whose address other code was seen to use after the life had ended. */
  others: Uint8Array | undefined;

  /** Begins a life. The object may have been another life, in an earlier trace. */
  begin(name: number, start: number, frames: readonly FrameId[], mapping: Mapping, maker: Maker, mapped: number): void {
    this.name = name;
    this.origin = mapping.origin;
    this.forUser = mapping.forUser === true;
    this.readOnly = mapping.readOnly;
    this.permissions = undefined;
    this.resets = false;
    this.inUser = false;
    this.mappedBy = maker.call;
    this.cpu = maker.cpu;
    this.unmappedBy = -1;
    this.start = start;
    this.pages = frames.length;
    this.frames = frames;
    this.bytes = undefined;
    this.maps = mapping.maps;
    this.mapBegan = maker.called;
    this.mapped = mapped;
    this.unmapBegan = NOT_YET;
    this.unmapped = NOT_YET;
    this.deferred = false;
    this.freedByWorker = false;
    this.removal = undefined;
    this.seenBits = 0;
    this.seenList = undefined;
    this.newest = false;
    this.older = undefined;
    this.underGuard = undefined;
    this.others = undefined;
    this.parts = undefined;
    this.whole = undefined;
    this.certain = true;
  }
}

/** The frame that a life has at a page number; undefined if it has none there, for example at its guard page. */
export const frameAt = (life: Life, location: number): FrameId | undefined => life.frames[location - life.start];

/** The life that had the address of page `page` of a life before. */
export function olderAt(life: Life, page: number): Life | undefined {
  const { older } = life;
  if (older === undefined || page < 0 || page >= life.pages) return undefined;
  if (Array.isArray(older)) return older[page];
  return frameAt(older, life.start + page) === undefined ? undefined : older;
}

/** A page of a life in words: `page 2 of a0`. */
export const printPage = ({ name, start, whole }: Life, page: number): string =>
  `page ${page + start - (whole ?? { start }).start} of a${name}`;

/** Whether a page was unmapped in a sparse area that still has its address, so that nothing else can be there. */
export const isReserved = ({ whole }: Life, now: number): boolean => whole !== undefined && whole.unmapped > now;
