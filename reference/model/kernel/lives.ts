import type { Clause } from '../../clauses/clause.ts';
import * as common from '../../clauses/common.ts';
import { areaOfFrame, type FrameId } from '../../notation/frame.ts';
import { type Outcome, printLocation } from '../../notation/outcome.ts';
import type { Judgement } from '../judgement.ts';
import type { Mapping, Removal } from '../promises.ts';
import { frameAt, Life, NOT_YET, olderAt } from './life.ts';
import { NewestLives } from './newest.ts';

/** A flush of a parallel block that has returned. */
interface Flush {
  readonly called: number;
  readonly returned: number;
}

/**
 * The lives of kernel areas by address, and what calls do to them. A flush costs one assignment, however many lives
 * there are: it sets `flushed` to the time at which it was called. A life whose unmapping call had returned before that
 * time has no translation left.
 */
export class Lives {
  readonly model: Judgement;
  /** Lives by name. */
  readonly named: (Life | undefined)[] = [];
  readonly newest = new NewestLives();
  /** When the latest flush was called, among those that have returned. */
  flushed = -1;
  /** When the latest unmapping call returned, and what it promises not to change. */
  unmapReturned = -1;
  unmapKeeps: Clause | undefined;
  /** In a parallel block: mapping calls that have not returned yet, and flushes that have. */
  readonly mapping: Life[] = [];
  readonly flushesOfBlock: Flush[] = [];
  flushedBeforeBlock = -1;
  /** When the latest parallel block began. */
  #blockBegan = -1;
  /** Old translations may remain after an unmapping call has returned. */
  readonly lazy: boolean;
  /** A flush ends them. If not, only a new mapping does. */
  readonly flushes: boolean;
  readonly #guard: string;
  /** Memory for lives. The first `#used` of them are in use. */
  readonly #memory: Life[] = [];
  #used = 0;
  /** Pages of all lives of this trace. */
  #pages = 0;

  constructor(model: Judgement) {
    this.model = model;
    this.lazy = model.traits.tlb !== 'before-return';
    this.flushes = model.traits.tlb === 'lazy' || model.traits.tlb === 'before-return';
    this.#guard = model.traits.guard;
  }

  /** The size of the memory that is kept for the next trace: lives, and the pages that the trace mapped. */
  get room(): number {
    return this.#memory.length + this.#pages;
  }

  /** Begins another trace. */
  reset(): void {
    this.named.length = 0;
    this.newest.clear();
    this.flushed = -1;
    this.unmapReturned = -1;
    this.unmapKeeps = undefined;
    this.mapping.length = 0;
    this.flushesOfBlock.length = 0;
    this.flushedBeforeBlock = -1;
    this.#blockBegan = -1;
    this.#used = 0;
    this.#pages = 0;
  }

  /** A mapping call returned an address: judges the address, and takes the area over. */
  map(name: number, outcome: Outcome, frames: readonly FrameId[], mapping: Mapping): void {
    const life = this.name(name, outcome, frames, mapping);
    // An area without pages has only an address.
    if (this.#judgePlace(life, outcome) && frames.length > 0) this.#takeAddresses(life);
  }

  /** A call returned the address of a sparse area of `pages` pages, where nothing is mapped yet. */
  reserve(name: number, outcome: Outcome, pages: number, mapping: Mapping): void {
    const life = this.name(name, outcome, [], mapping);
    life.pages = pages;
    life.parts = [];
    if (this.#judgePlace(life, outcome)) this.#takeAddresses(life);
    // At each page, what was mapped there may be newer.
    life.newest = false;
  }

  /** The area takes its addresses over. */
  #takeAddresses(life: Life): void {
    const { model } = this;
    const { start, pages, name } = life;
    const guarded = life.origin !== 'ram';
    const first = guarded && this.#guard === 'leading' ? -1 : 0;
    const end = guarded && this.#guard === 'trailing' ? pages + 1 : pages;
    const overlap = this.#take(life, start + first, start + end);
    this.newest.set(start + first, overlap, life);
    if (overlap < start + end) return this.#overlap(this.newest.at(overlap)!, overlap);
    life.newest = true;
    model.uphold(common.AREA_APART);
    if (model.overlapping) this.mapReturned(name);
  }

  /** Begins the life of an area that a mapping call returned, under its name. */
  name(name: number, outcome: Outcome, frames: readonly FrameId[], mapping: Mapping): Life {
    const life = this.begin(name, outcome.value, frames, mapping, this.model.now);
    this.named[name] = life;
    return life;
  }

  /** Judges whether the address is that of a page in the window. Returns whether the area can take its addresses over. */
  #judgePlace({ start, pages }: Life, outcome: Outcome): boolean {
    const { model } = this;
    const window = model.windows.get('kernel');
    if (outcome.extra !== 0 || (window && (start < window.start || start + pages > window.end))) {
      const where = window ? ` in [${this.#at(window.start)}, ${this.#at(window.end)})` : '';
      model.violate(common.AREA_PLACE, `a page-aligned address${where}`);
      return false;
    }
    model.uphold(common.AREA_PLACE);
    return true;
  }

  #overlap(other: Life, page: number): void {
    const which = page < other.start || page >= other.start + other.pages ? 'the guard page of ' : '';
    this.model.violate(common.AREA_APART, `an area apart from ${which}a${other.name}, which has ${this.#at(page)}`);
  }

  /**
   * A life takes the page numbers `[from, to)`: notes which lives had them before.
   * @returns the first page number that belongs to an area that is still mapped, or `to`.
   */
  #take(life: Life, from: number, to: number): number {
    const { newest, model } = this;
    for (let i = newest.firstAfter(from); i < newest.count && newest.startOf(i) < to; i++) {
      const before = newest.lifeOf(i);
      const start = Math.max(newest.startOf(i), from);
      if ((before.whole ?? before).unmapBegan > model.now) return start;
      if (before.deferred) {
        // Its addresses are free, so the worker has unmapped it.
        before.deferred = false;
        before.unmapped = model.now;
      }
      before.newest = false;
      this.#reuse(life, before, start, Math.min(newest.endOf(i), to));
    }
    return to;
  }

  /** A life takes the page numbers `[from, to)`, where `before` was the newest. */
  #reuse(life: Life, before: Life, from: number, to: number): void {
    const first = Math.max(from, life.start);
    const end = Math.min(to, life.start + life.pages);
    if (from < first || end < to) life.underGuard = before;
    const heldFrom = Math.max(life.start, before.start);
    const heldEnd = Math.min(life.start + life.pages, before.start + before.pages);
    const held = before.parts === undefined && heldFrom >= from && heldEnd <= to && heldFrom < heldEnd;
    const atGuard = heldFrom > first || heldEnd < end;
    if (held && life.older === undefined && (!atGuard || this.#guardedSince() === NOT_YET)) life.older = before;
    else this.#reusePages(life, before, first, end);
  }

  /** The same as `#reuse`, page by page. */
  #reusePages(life: Life, before: Life, from: number, to: number): void {
    for (let location = from; location < to; location++) {
      const held = frameAt(before, location) !== undefined;
      // Nothing is mapped in a sparse area itself, so what had the address before it is the next older one.
      const under = olderAt(before, location - before.start);
      const older = held ? before : (under ?? this.beforeGuard(before, location, this.#guardedSince()));
      if (older === undefined) continue;
      if (!Array.isArray(life.older)) life.older = Array.from({ length: life.pages }, (_, page) => olderAt(life, page));
      life.older[location - life.start] = older;
    }
  }

  /** An unmapping call returned: the area's life has ended. */
  unmap(name: number, removal: Removal): void {
    this.end(this.named[name]!, removal);
    this.keep(removal.keeps);
  }

  /** A life ends with the call that is being judged. */
  end(life: Life, removal: Removal): void {
    life.unmapBegan = this.model.called;
    life.unmapped = this.model.now;
    life.unmappedBy = this.model.call;
    life.removal = removal;
  }

  /** An unmapping call returned: a worker will unmap the area. */
  unmapLater(name: number, removal: Removal): void {
    this.unmap(name, removal);
    const life = this.named[name]!;
    life.unmapped = NOT_YET;
    life.deferred = true;
    life.freedByWorker = true;
    this.model.overwrite(life.frames[0], 0);
  }

  /** A call returned that must not have changed any other area. */
  keep(clause: Clause): void {
    this.unmapReturned = this.model.now;
    this.unmapKeeps = clause;
  }

  /** A flush has ended every old translation of a life. */
  isFlushed(life: Life): boolean {
    return this.flushes && life.unmapped < this.flushed;
  }

  /** `vm_unmap_aliases` returned. */
  flush(): void {
    const { called, now, overlapping } = this.model;
    if (called > this.flushed) this.flushed = called;
    this.model.flushReturned = now;
    if (overlapping) this.flushesOfBlock.push({ called, returned: now });
  }

  /** A parallel block begins. What was flushed so far was flushed before every call of the block. */
  enterBlock(): void {
    this.flushedBeforeBlock = this.flushed;
    this.#blockBegan = this.model.now;
    this.flushesOfBlock.length = 0;
    this.mapping.length = 0;
  }

  /** A mapping call of a parallel block was called, and will return this address: CPUs may reach it from now on. */
  beginMap(name: number, outcome: Outcome, frames: readonly FrameId[], mapping: Mapping): void {
    this.mapping.push(this.begin(name, outcome.value, frames, mapping, NOT_YET));
  }

  /** A mapping call of a parallel block has returned. */
  mapReturned(name: number): void {
    const at = this.mapping.findIndex((life) => life.name === name);
    if (at >= 0) this.mapping.splice(at, 1);
  }

  /** An unmapping call of a parallel block was called: from now on the area may be gone. */
  beginUnmap(name: number): void {
    const life = this.named[name];
    if (life) life.unmapBegan = this.model.called;
  }

  /** Other code uses the address of a page of a life that has ended: it was handed out again. */
  takenByOthers(life: Life, page: number): void {
    life.others ??= new Uint8Array(life.pages);
    life.others[page] = 1;
  }

  /** Whether any CPU may still use an old translation of page `page` of a life that has ended. */
  mayLinger(life: Life, page: number): boolean {
    if (!this.lazy || this.isFlushed(life) || life.others?.[page] === 1) return false;
    if (life.removal?.access !== undefined) return false;
    const location = life.start + page;
    const newest = this.newest.at(location);
    if (newest === undefined || newest === life) return newest === life;
    return frameAt(newest, location) === undefined && this.underGuard(newest, location) === life;
  }

  /**
   * The newest life whose translation may remain at the guard page of `guard`: nothing is ever mapped there, so that
   * only a flush can end one. Undefined if flushes do.
   */
  underGuard(guard: Life, location: number): Life | undefined {
    return this.flushes ? undefined : this.beforeGuard(guard, location);
  }

  /** Whether an area of the program had a page of its own memory at a page number. */
  allocatedAt(frame: FrameId, location: number): boolean {
    const of = areaOfFrame(frame);
    const life = of && this.named[of.area];
    return life !== undefined && frameAt(life, location) === frame;
  }

  /**
   * The newest life that had a frame at the page number at which `guard` has, or had, its guard page.
   * @param since looks only under guard pages that are newer than this time.
   */
  beforeGuard(guard: Life, location: number, since = -1): Life | undefined {
    let life: Life | undefined = guard;
    while (life !== undefined && frameAt(life, location) === undefined)
      life = life.mapped > since ? life.underGuard : undefined;
    return life;
  }

  /**
   * Under guard pages that are newer than this time, an older life may still be reached. A read of a parallel block may
   * have come before every guard page of the block.
   */
  #guardedSince(): number {
    if (!this.flushes) return -1;
    return this.model.overlapping ? this.#blockBegan : NOT_YET;
  }

  /** Begins a life, which ends when it is unmapped. */
  begin(name: number, start: number, frames: readonly FrameId[], mapping: Mapping, mapped: number): Life {
    if (this.#used === this.#memory.length) this.#memory.push(new Life());
    const life = this.#memory[this.#used++];
    this.#pages += frames.length;
    life.begin(name, start, frames, mapping, this.model, mapped);
    return life;
  }

  #at(page: number): string {
    return printLocation(page, 0, this.model.page);
  }
}
