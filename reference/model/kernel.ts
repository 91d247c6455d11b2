import * as common from '../calls/common.ts';
import type { Clause } from '../clause.ts';
import { type FrameId, printFrame } from '../notation/frame.ts';
import { type Outcome, printLocation } from '../notation/outcome.ts';
import type { Origin } from './known.ts';
import { GONE, type Life, LOADED, STALE } from './life.ts';
import type { Model, Removal } from './model.ts';

/** What a mapping call promises about the area that it returns. */
export interface Mapping {
  readonly origin: Origin;
  /** The clause that promises that the frames are reached. */
  readonly maps: Clause;
}

/**
 * The kernel's side: lives by address. A flush raises one number (the time at which the latest flush that has
 * returned was called); a life whose unmapping had returned before that number is surely dead.
 */
export class KernelSpace {
  readonly #model: Model;
  /** The newest life at each page number, guard pages included. */
  readonly #pages = new Map<number, Life>();
  /** Lives by name. */
  readonly named: (Life | undefined)[] = [];
  /** When the latest flush that has returned was called, and when it returned. */
  #flushed = -1;
  #flushReturned = -1;
  /** When the latest unmapping call returned, and what it promises not to change. */
  #unmapReturned = -1;
  #unmapKeeps: Clause | undefined;
  readonly #lazy: boolean;
  readonly #flushes: boolean;
  readonly #guard: string;

  constructor(model: Model) {
    this.#model = model;
    this.#lazy = model.traits.tlb !== 'before-return';
    this.#flushes = model.traits.tlb !== 'never';
    this.#guard = model.traits.guard;
  }

  /** A mapping call returned an address: checks what must hold of every choice, and takes the area over. */
  map(name: number, outcome: Outcome, frames: readonly FrameId[], { origin, maps }: Mapping): void {
    const model = this.#model;
    const start = outcome.value;
    const pages = frames.length;
    const window = model.windows.get('kernel');
    const inside = !window || (start >= window.start && start + pages <= window.end);
    if (outcome.extra !== 0 || !inside) {
      const where = window ? ` in [${this.#at(window.start)}, ${this.#at(window.end)})` : '';
      return model.violate(common.AREA_PLACE, `a page-aligned address${where}`);
    }
    model.uphold(common.AREA_PLACE);
    const life: Life = {
      name,
      origin,
      start,
      pages,
      frames,
      maps,
      mapBegan: model.called,
      mapped: model.now,
      unmapBegan: Number.POSITIVE_INFINITY,
      unmapped: Number.POSITIVE_INFINITY,
      removal: undefined,
      seen: undefined,
      older: undefined,
    };
    const guarded = origin !== 'ram';
    const first = guarded && this.#guard === 'leading' ? -1 : 0;
    const end = guarded && this.#guard === 'trailing' ? pages + 1 : pages;
    for (let page = first; page < end; page++) {
      const before = this.#pages.get(start + page);
      if (before !== undefined) {
        if (before.unmapped > model.called) return this.#overlap(before, start + page);
        if (page >= 0 && page < pages) this.#reuse(life, page, before);
      }
      this.#pages.set(start + page, life);
    }
    model.uphold(common.AREA_APART);
    this.named[name] = life;
  }

  #overlap(other: Life, page: number): void {
    const which = page < other.start || page >= other.start + other.pages ? 'the guard page of ' : '';
    this.#model.violate(common.AREA_APART, `an area apart from ${which}a${other.name}, which has ${this.#at(page)}`);
  }

  #reuse(life: Life, page: number, before: Life): void {
    const at = life.start + page - before.start;
    if (at < 0 || at >= before.pages) return;
    life.older ??= new Array<Life | undefined>(life.pages).fill(undefined);
    life.older[page] = before;
  }

  /** An unmapping call returned: the area's life has ended. */
  unmap(name: number, removal: Removal): void {
    const life = this.named[name]!;
    life.unmapBegan = this.#model.called;
    life.unmapped = this.#model.now;
    life.removal = removal;
    this.#unmapReturned = this.#model.now;
    this.#unmapKeeps = removal.keeps;
  }

  /** `vm_unmap_aliases` returned. */
  flush(): void {
    if (this.#model.called > this.#flushed) this.#flushed = this.#model.called;
    this.#flushReturned = this.#model.now;
  }

  /** The time at which the latest flush returned, -1 before any. */
  get flushReturned(): number {
    return this.#flushReturned;
  }

  /** Judges what a CPU reached at page `page` counted from the start of area `name`. */
  observe(cpu: number, name: number, page: number, word: number, outcome: Outcome, write: number): void {
    const location = this.named[name]!.start + page;
    const life = this.#pages.get(location);
    if (life === undefined) return this.#stray(outcome);
    const at = location - life.start;
    const frame = at >= 0 && at < life.pages ? life.frames[at] : -1;
    if (life.unmapped > this.#model.now) {
      if (frame < 0) this.#guardPage(life, outcome);
      else this.#live(cpu, life, at, word, outcome, write);
    } else if (frame < 0) this.#stray(outcome);
    else this.#retired(cpu, life, at, word, outcome, write);
  }

  /** Nothing of the program was ever mapped there. */
  #stray(outcome: Outcome): void {
    if (outcome.kind !== 'frame') this.#model.uphold(common.STRAY);
    else this.#model.violate(common.STRAY, 'fault or other: the program maps nothing there');
  }

  #guardPage(life: Life, outcome: Outcome): void {
    this.#model.expect(common.GUARD, outcome.kind === 'fault', () => `fault: the guard page of a${life.name}`);
  }

  #live(cpu: number, life: Life, page: number, word: number, outcome: Outcome, write: number): void {
    const model = this.#model;
    const frame = life.frames[page];
    const older = life.older?.[page];
    if (outcome.kind !== 'frame' || outcome.value !== frame) return this.#missed(life, page, outcome, older);
    model.uphold(life.maps);
    if (older !== undefined) {
      const held = older.seen?.[cpu * older.pages + life.start + page - older.start] ?? 0;
      if (held === LOADED || held === STALE) model.uphold(common.REUSE);
      else model.unarmed(common.REUSE);
    }
    if (this.#flushReturned > life.mapped) model.uphold(common.FLUSH_KEEPS);
    if (this.#unmapReturned > life.mapped) model.uphold(this.#unmapKeeps!);
    const seen = (life.seen ??= new Uint8Array((cpu + 1) * life.pages));
    const index = cpu * life.pages + page;
    if (index >= seen.length) this.#grow(life, cpu)[index] = LOADED;
    else seen[index] = LOADED;
    model.touch(frame, word, outcome, write);
  }

  /** A live page was not reached: charged to the latest promise that should have held. */
  #missed(life: Life, page: number, outcome: Outcome, older: Life | undefined): void {
    const model = this.#model;
    const allowed = `${printFrame(life.frames[page])}: page ${page} of a${life.name}, which is mapped`;
    if (outcome.kind === 'frame') {
      for (let before = older; before !== undefined; before = before.older?.[life.start + page - before.start]) {
        if (before.frames[life.start + page - before.start] === outcome.value)
          return model.violate(common.REUSE, allowed, [life.maps]);
      }
      return model.violate(life.maps, allowed);
    }
    const flush = this.#flushReturned > life.mapped ? this.#flushReturned : -1;
    const unmap = this.#unmapReturned > life.mapped ? this.#unmapReturned : -1;
    if (flush > unmap) model.violate(common.FLUSH_KEEPS, allowed, [life.maps]);
    else if (unmap >= 0) model.violate(this.#unmapKeeps!, allowed, [life.maps]);
    else model.violate(life.maps, allowed);
  }

  #grow(life: Life, cpu: number): Uint8Array {
    const wider = new Uint8Array((cpu + 1) * life.pages);
    wider.set(life.seen!);
    life.seen = wider;
    return wider;
  }

  #retired(cpu: number, life: Life, page: number, word: number, outcome: Outcome, write: number): void {
    const model = this.#model;
    const index = cpu * life.pages + page;
    const held = life.seen !== undefined && index < life.seen.length ? life.seen[index] : 0;
    const flushed = this.#flushes && life.unmapped < this.#flushed;
    if (outcome.kind !== 'frame') {
      if (flushed) this.#armed(common.ALIAS_FLUSHED, held === STALE);
      else if (!this.#lazy) this.#armed(common.UNMAP_FLUSHES, held === LOADED);
      if (held === GONE) model.uphold(common.GONE_STAYS);
      if (outcome.kind === 'fault' && held !== GONE) this.#mark(life, cpu, index, GONE);
      return;
    }
    if (outcome.value !== life.frames[page]) {
      const old = printFrame(life.frames[page]);
      return model.violate(common.STALE_ONLY, `fault, other, or ${flushed || !this.#lazy ? 'nothing else' : old}`);
    }
    const also = life.removal?.access ? [life.removal.access] : [];
    if (flushed) return model.violate(common.ALIAS_FLUSHED, 'fault, or other', also);
    if (!this.#lazy) return model.violate(common.UNMAP_FLUSHES, 'fault, or other', also);
    if (held === GONE) return model.violate(common.GONE_STAYS, 'fault, or other: this CPU had faulted there before');
    model.uphold(common.MAY_LINGER);
    this.#mark(life, cpu, index, STALE);
    model.touch(life.frames[page], word, outcome, write);
  }

  #armed(clause: Clause, armed: boolean): void {
    if (armed) this.#model.uphold(clause);
    else this.#model.unarmed(clause);
  }

  #mark(life: Life, cpu: number, index: number, held: number): void {
    let { seen } = life;
    if (seen === undefined) seen = life.seen = new Uint8Array((cpu + 1) * life.pages);
    else if (index >= seen.length) seen = this.#grow(life, cpu);
    seen[index] = held;
  }

  /** Judges `vmalloc_to_page`: what the page tables say. */
  translate(name: number, page: number, outcome: Outcome, live: Clause, none: Clause): void {
    const model = this.#model;
    const location = this.named[name]!.start + page;
    const life = this.#pages.get(location);
    const at = life === undefined ? 0 : location - life.start;
    const frame = life !== undefined && at >= 0 && at < life.pages ? life.frames[at] : -1;
    if (life === undefined || frame < 0) {
      const guard = life !== undefined && life.unmapped > model.now;
      const held = outcome.kind === 'null' || (!guard && outcome.kind === 'other');
      return model.expect(none, held, () => (guard ? 'null' : 'null, or other'));
    }
    if (life.unmapped > model.now) {
      const held = outcome.kind === 'frame' && outcome.value === frame;
      return model.expect(live, held, () => `${printFrame(frame)}: page ${at} of a${life.name}, which is mapped`);
    }
    const clause = life.removal!.tables;
    model.expect(clause, outcome.kind !== 'frame', () => `null, or other: a${life.name} was unmapped`);
  }

  #at(page: number): string {
    return printLocation(page, 0, this.#model.page);
  }
}
