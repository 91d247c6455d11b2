import type { Clause } from '../clauses/clause.ts';
import * as common from '../clauses/common.ts';
import { type FrameId, isPoolFrame, printFrame } from '../notation/frame.ts';
import { type Outcome, printLocation } from '../notation/outcome.ts';
import type { Judgement } from './judgement.ts';
import { GONE, type Life, LOADED, STALE } from './life.ts';
import type { Mapping, Removal } from './promises.ts';

/** The frame that a life has at a page number; undefined where it has none there. */
const frameAt = (life: Life, location: number): FrameId | undefined => life.frames[location - life.start];

/**
 * The kernel's side: lives by address. A flush raises one number (the time at which the latest flush that has
 * returned was called); a life whose unmapping had returned before that number is surely dead.
 */
export class KernelSpace {
  readonly #model: Judgement;
  /** The newest life at each page number, guard pages included. */
  readonly #pages = new Map<number, Life>();
  /** Lives by name. */
  readonly named: (Life | undefined)[] = [];
  /** When the latest flush that has returned was called. */
  #flushed = -1;
  /** When the latest unmapping call returned, and what it promises not to change. */
  #unmapReturned = -1;
  #unmapKeeps: Clause | undefined;
  /** In a parallel block: mapping calls that have not returned yet, and flushes that have. */
  readonly #mapping: Life[] = [];
  readonly #flushesOfBlock: { readonly called: number; readonly returned: number }[] = [];
  #flushedBeforeBlock = -1;
  readonly #lazy: boolean;
  readonly #flushes: boolean;
  readonly #guard: string;

  constructor(model: Judgement) {
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
      underGuard: undefined,
      others: undefined,
    };
    const guarded = origin !== 'ram';
    const first = guarded && this.#guard === 'leading' ? -1 : 0;
    const end = guarded && this.#guard === 'trailing' ? pages + 1 : pages;
    for (let page = first; page < end; page++) {
      const before = this.#pages.get(start + page);
      if (before !== undefined) {
        if (before.unmapBegan > model.now) return this.#overlap(before, start + page);
        if (page >= 0 && page < pages) this.#reuse(life, page, before);
        else if (!this.#flushes) life.underGuard = before;
      }
      this.#pages.set(start + page, life);
    }
    model.uphold(common.AREA_APART);
    this.named[name] = life;
    if (model.overlapping)
      this.#mapping.splice(
        this.#mapping.findIndex((other) => other.name === name),
        1,
      );
  }

  /** A parallel block begins: what was flushed so far was flushed before every call of it. */
  enterBlock(): void {
    this.#flushedBeforeBlock = this.#flushed;
    this.#flushesOfBlock.length = 0;
    this.#mapping.length = 0;
  }

  /** A mapping call of a parallel block was called, and will return this address: it may be reached from now on. */
  beginMap(name: number, outcome: Outcome, frames: readonly FrameId[], { origin, maps }: Mapping): void {
    const called = this.#model.called;
    const never = Number.POSITIVE_INFINITY;
    this.#mapping.push({
      name,
      origin,
      start: outcome.value,
      pages: frames.length,
      frames,
      maps,
      mapBegan: called,
      mapped: never,
      unmapBegan: never,
      unmapped: never,
      removal: undefined,
      seen: undefined,
      older: undefined,
      underGuard: undefined,
      others: undefined,
    });
  }

  /** An unmapping call of a parallel block was called: from now on the area may be gone. */
  beginUnmap(name: number): void {
    const life = this.named[name];
    if (life) life.unmapBegan = this.#model.called;
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
    this.keep(removal.keeps);
  }

  /** A call returned that must not have changed any other area. */
  keep(clause: Clause): void {
    this.#unmapReturned = this.#model.now;
    this.#unmapKeeps = clause;
  }

  /** `vm_unmap_aliases` returned. */
  flush(): void {
    const { called, now, overlapping } = this.#model;
    if (called > this.#flushed) this.#flushed = called;
    this.#model.flushReturned = now;
    if (overlapping) this.#flushesOfBlock.push({ called, returned: now });
  }

  /** Judges what a CPU reached at page `page` counted from the start of area `name`. */
  observe(cpu: number, name: number, page: number, word: number, outcome: Outcome, write: number): void {
    const location = this.named[name]!.start + page;
    if (this.#model.overlapping) return this.#observeOverlapping(cpu, location, word, outcome, write);
    let life = this.#pages.get(location);
    if (life === undefined) return this.#stray(outcome);
    if (frameAt(life, location) !== undefined) {
      const at = location - life.start;
      if (life.unmapped > this.#model.now) this.#live(cpu, life, at, word, outcome, write);
      else this.#retired(cpu, life, at, word, outcome, write);
      return;
    }
    if (life.unmapped > this.#model.now) return this.#guardPage(cpu, life, location, word, outcome, write);
    while (life.underGuard !== undefined) {
      life = life.underGuard;
      if (frameAt(life, location) !== undefined)
        return this.#retired(cpu, life, location - life.start, word, outcome, write);
    }
    this.#stray(outcome);
  }

  /**
   * The frame came to the program from memory that anybody may have had before. Where translations may linger, one of
   * somebody else's may lead to it, from an address that is not the program's any more.
   */
  #foreign(outcome: Outcome): boolean {
    return this.#lazy && outcome.kind === 'frame' && !isPoolFrame(outcome.value);
  }

  /** Nothing of the program was ever mapped there. */
  #stray(outcome: Outcome): void {
    if (outcome.kind !== 'frame' || this.#foreign(outcome)) this.#model.uphold(common.STRAY);
    else this.#model.violate(common.STRAY, 'fault or other: the program maps nothing there');
  }

  #guardPage(cpu: number, life: Life, location: number, word: number, outcome: Outcome, write: number): void {
    // Where only a new mapping makes an old translation go away, one may be left where nothing is ever mapped.
    let under = life.underGuard;
    while (under !== undefined && frameAt(under, location) === undefined) under = under.underGuard;
    if (under !== undefined && outcome.kind === 'frame')
      return this.#retired(cpu, under, location - under.start, word, outcome, write);
    this.#model.expect(common.GUARD, outcome.kind === 'fault', () => `fault: the guard page of a${life.name}`);
    if (under !== undefined) this.#mark(under, cpu, cpu * under.pages + location - under.start, GONE);
  }

  #live(cpu: number, life: Life, page: number, word: number, outcome: Outcome, write: number): void {
    const model = this.#model;
    const frame = life.frames[page];
    const older = life.older?.[page];
    if (outcome.kind !== 'frame' || outcome.value !== frame) return this.#missed(life, page, outcome, older);
    model.uphold(life.maps);
    if (older !== undefined) {
      const held = older.seen?.[cpu * older.pages + life.start + page - older.start] ?? 0;
      // The same frame again: an old translation would not be told from the new one.
      const told = frameAt(older, life.start + page) !== frame;
      this.#armed(common.REUSE, told && (held === LOADED || held === STALE));
    }
    if (this.#model.flushReturned > life.mapped) model.uphold(common.FLUSH_KEEPS);
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
    const flush = this.#model.flushReturned > life.mapped ? this.#model.flushReturned : -1;
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
    const taken = life.others !== undefined && life.others[page] === 1;
    if (outcome.kind !== 'frame' || (outcome.value !== life.frames[page] && this.#foreign(outcome))) {
      if (flushed) this.#armed(common.ALIAS_FLUSHED, held === STALE);
      if (!this.#lazy) this.#armed(common.UNMAP_FLUSHES, held === LOADED);
      if (taken) this.#armed(common.REUSE, held === STALE || held === LOADED);
      if (held === GONE) model.uphold(common.GONE_STAYS);
      else if (taken || outcome.kind === 'fault') this.#mark(life, cpu, index, GONE);
      if (outcome.kind !== 'fault') this.#takenByOthers(life, page);
      return;
    }
    if (outcome.value !== life.frames[page]) return this.#wrongStale(life, page, outcome.value, flushed);
    if (taken || flushed || !this.#lazy || held === GONE) return this.#stale(flushed, taken, held);
    model.uphold(common.MAY_LINGER);
    model.uphold(common.STALE_ONLY);
    this.#mark(life, cpu, index, STALE);
    model.touch(life.frames[page], word, outcome, write);
  }

  /** A stale read that breaks one or more promises: charged to the latest. */
  #stale(flushed: boolean, taken: boolean, held: number): void {
    const broken: Clause[] = [];
    if (taken) broken.push(common.REUSE);
    if (flushed) broken.push(common.ALIAS_FLUSHED);
    if (!this.#lazy) broken.push(common.UNMAP_FLUSHES);
    if (held === GONE) broken.push(common.GONE_STAYS);
    this.#model.violate(broken[0], 'fault, or other', broken.slice(1));
  }

  /** A stale address reached a frame that is not its own: one of the mapping before it, or another altogether. */
  #wrongStale(life: Life, page: number, seen: FrameId, flushed: boolean): void {
    const old = printFrame(life.frames[page]);
    const allowed = `fault, other, or ${flushed || !this.#lazy ? 'nothing else' : old}`;
    const location = life.start + page;
    for (let before = life.older?.[page]; before !== undefined; before = before.older?.[location - before.start]) {
      if (frameAt(before, location) === seen) return this.#model.violate(common.REUSE, allowed, [common.STALE_ONLY]);
    }
    this.#model.violate(common.STALE_ONLY, allowed);
  }

  /** Bytes of others stand at the address of a life that has ended: it was handed out again. */
  #takenByOthers(life: Life, page: number): void {
    life.others ??= new Uint8Array(life.pages);
    life.others[page] = 1;
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

  /** Every life that had the page, or is getting it, newest first. */
  #lives(location: number): Life[] {
    const lives = this.#mapping.filter((life) => frameAt(life, location) !== undefined);
    for (let life = this.#pages.get(location); life !== undefined; life = life.older?.[location - life.start]) {
      if (frameAt(life, location) === undefined) break;
      lives.push(life);
    }
    return lives;
  }

  /** The life that surely had the page during the whole of the call that is judged. */
  #surely(lives: readonly Life[]): Life | undefined {
    const { called, now } = this.#model;
    return lives.find((life) => life.mapped < called && life.unmapBegan > now);
  }

  /** When the latest flush was called that had returned before the call that is judged. */
  #flushedBefore(): number {
    let latest = this.#flushedBeforeBlock;
    for (const { called, returned } of this.#flushesOfBlock) {
      if (returned < this.#model.called && called > latest) latest = called;
    }
    return latest;
  }

  /** Why the `at`-th life of a page cannot be reached any more, or undefined where it can. */
  #deadBy(lives: readonly Life[], at: number, location: number, held: number): Clause | undefined {
    const { called } = this.#model;
    const life = lives[at];
    for (let newer = 0; newer < at; newer++) if (lives[newer].mapped < called) return common.REUSE;
    if (this.#flushes && life.unmapped < this.#flushedBefore()) return common.ALIAS_FLUSHED;
    if (life.others !== undefined && life.others[location - life.start] === 1) return common.REUSE;
    if (!this.#lazy && life.unmapped < called) return common.UNMAP_FLUSHES;
    return held === GONE ? common.GONE_STAYS : undefined;
  }

  /** A read of a parallel block: any life is allowed that was born by its end and not surely dead by its start. */
  #observeOverlapping(cpu: number, location: number, word: number, outcome: Outcome, write: number): void {
    const model = this.#model;
    const newest = this.#pages.get(location);
    if (newest !== undefined && frameAt(newest, location) === undefined) {
      if (newest.mapped < model.called && newest.unmapBegan > model.now)
        return this.#guardPage(cpu, newest, location, word, outcome, write);
    }
    const lives = this.#lives(location);
    const surely = this.#surely(lives);
    if (surely) return this.#live(cpu, surely, location - surely.start, word, outcome, write);
    if (lives.length === 0) return this.#stray(outcome);
    let charge: Clause | undefined;
    for (let at = 0; at < lives.length; at++) {
      const life = lives[at];
      const index = cpu * life.pages + location - life.start;
      const held = life.seen !== undefined && index < life.seen.length ? life.seen[index] : 0;
      const dead = this.#deadBy(lives, at, location, held);
      if (outcome.kind !== 'frame') {
        if (dead === common.ALIAS_FLUSHED) this.#armed(dead, held === STALE);
        if (outcome.kind === 'fault' && life.unmapped < model.called) this.#mark(life, cpu, index, GONE);
      } else if (frameAt(life, location) === outcome.value) {
        if (dead === undefined) {
          const lingers = life.unmapped < model.called;
          if (lingers) model.uphold(common.MAY_LINGER);
          this.#mark(life, cpu, index, lingers ? STALE : LOADED);
          return model.touch(outcome.value, word, outcome, write);
        }
        charge ??= dead;
      }
    }
    if (outcome.kind === 'frame' && (charge !== undefined || !this.#foreign(outcome)))
      model.violate(charge ?? common.STALE_ONLY, 'fault, other, or a frame that may still be there');
  }

  /** Judges `vmalloc_to_page` in a parallel block. */
  #translateOverlapping(location: number, outcome: Outcome, live: Clause, none: Clause): void {
    const model = this.#model;
    const lives = this.#lives(location);
    const surely = this.#surely(lives);
    if (surely) {
      const frame = frameAt(surely, location)!;
      const held = outcome.kind === 'frame' && outcome.value === frame;
      return model.expect(live, held, () => `${printFrame(frame)}: a${surely.name} is mapped there`);
    }
    if (outcome.kind !== 'frame') return;
    const mapped = lives.filter((life) => frameAt(life, location) === outcome.value);
    if (mapped.some((life) => life.unmapped > model.called)) return;
    model.violate(mapped[0]?.removal?.tables ?? none, 'null, or other');
  }

  /** Judges `vmalloc_to_page`: what the page tables say. */
  translate(name: number, page: number, outcome: Outcome, live: Clause, none: Clause): void {
    const model = this.#model;
    const location = this.named[name]!.start + page;
    if (model.overlapping) return this.#translateOverlapping(location, outcome, live, none);
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
    if (outcome.kind === 'frame')
      return model.violate(life.removal!.tables, `null, or other: a${life.name} was unmapped`, [none]);
    model.uphold(life.removal!.tables);
    model.uphold(none);
    if (outcome.kind === 'other') this.#takenByOthers(life, at);
  }

  #at(page: number): string {
    return printLocation(page, 0, this.#model.page);
  }
}
