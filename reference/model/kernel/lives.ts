import type { Clause } from '../../clauses/clause.ts';
import * as common from '../../clauses/common.ts';
import type { FrameId } from '../../notation/frame.ts';
import { type Outcome, printLocation } from '../../notation/outcome.ts';
import type { Judgement } from '../judgement.ts';
import type { Mapping, Removal } from '../promises.ts';
import { frameAt, type Life } from './life.ts';

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
  /** The newest life at each page number, guard pages included. */
  readonly pages = new Map<number, Life>();
  /** When the latest flush was called, among those that have returned. */
  flushed = -1;
  /** When the latest unmapping call returned, and what it promises not to change. */
  unmapReturned = -1;
  unmapKeeps: Clause | undefined;
  /** In a parallel block: mapping calls that have not returned yet, and flushes that have. */
  readonly mapping: Life[] = [];
  readonly flushesOfBlock: Flush[] = [];
  flushedBeforeBlock = -1;
  /** Old translations may remain after an unmapping call has returned. */
  readonly lazy: boolean;
  /** A flush ends them. If not, only a new mapping does. */
  readonly flushes: boolean;
  readonly #guard: string;

  constructor(model: Judgement) {
    this.model = model;
    this.lazy = model.traits.tlb !== 'before-return';
    this.flushes = model.traits.tlb === 'lazy' || model.traits.tlb === 'before-return';
    this.#guard = model.traits.guard;
  }

  /** A mapping call returned an address: judges the address, and takes the area over. */
  map(name: number, outcome: Outcome, frames: readonly FrameId[], mapping: Mapping): void {
    const { model } = this;
    const life = this.name(name, outcome, frames, mapping);
    // An area without pages has only an address.
    if (!this.#placed(life, outcome) || frames.length === 0) return;
    const { start, pages } = life;
    const guarded = mapping.origin !== 'ram';
    const first = guarded && this.#guard === 'leading' ? -1 : 0;
    const end = guarded && this.#guard === 'trailing' ? pages + 1 : pages;
    for (let page = first; page < end; page++) {
      const before = this.pages.get(start + page);
      if (before !== undefined) {
        if (before.unmapBegan > model.now) return this.#overlap(before, start + page);
        if (page >= 0 && page < pages) this.#reuse(life, page, before);
        else life.underGuard = before;
      }
      this.pages.set(start + page, life);
    }
    model.uphold(common.AREA_APART);
    if (model.overlapping)
      this.mapping.splice(
        this.mapping.findIndex((other) => other.name === name),
        1,
      );
  }

  /** Begins the life of an area that a mapping call returned, under its name. */
  name(name: number, outcome: Outcome, frames: readonly FrameId[], mapping: Mapping): Life {
    const life = newLife(name, outcome.value, frames, mapping, this.model, this.model.now);
    this.named[name] = life;
    return life;
  }

  /** Judges whether the address is that of a page in the window. */
  #placed({ start, pages }: Life, outcome: Outcome): boolean {
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

  #reuse(life: Life, page: number, before: Life): void {
    const location = life.start + page;
    const held = frameAt(before, location) !== undefined;
    const older = held ? before : this.flushes ? undefined : this.underGuard(before, location);
    if (older === undefined) return;
    life.older ??= new Array<Life | undefined>(life.pages).fill(undefined);
    life.older[page] = older;
  }

  /** An unmapping call returned: the area's life has ended. */
  unmap(name: number, removal: Removal): void {
    const life = this.named[name]!;
    life.unmapBegan = this.model.called;
    life.unmapped = this.model.now;
    life.unmappedBy = this.model.call;
    life.removal = removal;
    this.keep(removal.keeps);
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
    this.flushesOfBlock.length = 0;
    this.mapping.length = 0;
  }

  /** A mapping call of a parallel block was called, and will return this address: CPUs may reach it from now on. */
  beginMap(name: number, outcome: Outcome, frames: readonly FrameId[], mapping: Mapping): void {
    this.mapping.push(newLife(name, outcome.value, frames, mapping, this.model, Number.POSITIVE_INFINITY));
  }

  /** An unmapping call of a parallel block was called: from now on the area may be gone. */
  beginUnmap(name: number): void {
    const life = this.named[name];
    if (life) life.unmapBegan = this.model.called;
  }

  /** Somebody else uses the address of a page of a life that has ended: it was handed out again. */
  takenByOthers(life: Life, page: number): void {
    life.others ??= new Uint8Array(life.pages);
    life.others[page] = 1;
  }

  /** Whether any CPU may still use an old translation of page `page` of a life that has ended. */
  mayLinger(life: Life, page: number): boolean {
    if (!this.lazy || this.isFlushed(life) || life.others?.[page] === 1) return false;
    const location = life.start + page;
    const newest = this.pages.get(location);
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

  /** The newest life that had a frame at the page number at which `guard` has its guard page now. */
  beforeGuard(guard: Life, location: number): Life | undefined {
    let life = guard.underGuard;
    while (life !== undefined && frameAt(life, location) === undefined) life = life.underGuard;
    return life;
  }

  #at(page: number): string {
    return printLocation(page, 0, this.model.page);
  }
}

const newLife = (
  name: number,
  start: number,
  frames: readonly FrameId[],
  { origin, maps }: Mapping,
  { call, called, cpu }: Judgement,
  mapped: number,
): Life => ({
  name,
  origin,
  mappedBy: call,
  cpu,
  unmappedBy: undefined,
  start,
  pages: frames.length,
  frames,
  maps,
  mapBegan: called,
  mapped,
  unmapBegan: Number.POSITIVE_INFINITY,
  unmapped: Number.POSITIVE_INFINITY,
  removal: undefined,
  seen: undefined,
  older: undefined,
  underGuard: undefined,
  others: undefined,
});
