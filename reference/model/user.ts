import type { Clause } from '../clauses/clause.ts';
import * as common from '../clauses/common.ts';
import { type FrameId, isPoolFrame, printFrame } from '../notation/frame.ts';
import { type Outcome, printLocation } from '../notation/outcome.ts';
import type { Judgement } from './judgement.ts';
import { type Doer, Overlap } from './overlap.ts';
import type { Insertion, Removal } from './promises.ts';
import { LOADED, LOADED_BEFORE, type Possibility, type Sweep, settlePage, type Vma } from './vma.ts';

/** The user's side: nothing is lazy here. Once an unmapping call has returned its translations are gone everywhere. */
export class UserSpace {
  readonly #model: Judgement;
  readonly named: (Vma | undefined)[] = [];
  readonly live: Vma[] = [];
  /** When the latest call returned that could have unmapped too much, and the clause that says that it must not. */
  #disturbed = -1;
  #keeps: Clause | undefined;
  /** The same of private copies. */
  #keepsCopies: Clause | undefined;
  /** The parallel block that is being judged. */
  block: Overlap | undefined;
  /** VMAs that a munmap of the block takes away, and when it returns: until then other calls may find them. */
  readonly #leaving: { readonly vma: Vma; readonly returned: number }[] = [];

  /** Sweeps of the block: each may find, or miss, a VMA that is made meanwhile. */
  readonly #sweeps: { readonly sweep: Sweep; readonly by: Doer }[] = [];

  /** Where VMAs are that a call of the block makes: before it returns, accesses may reach them by other names. */
  readonly #arriving: { readonly start: number; readonly end: number }[] = [];

  constructor(model: Judgement) {
    this.#model = model;
  }

  /** `mmap` returned an address. `after`: the VMA that it was to follow directly. */
  mmap(
    outcome: Outcome,
    made: Pick<Vma, 'name' | 'pages' | 'kinds' | 'shared' | 'object' | 'index'>,
    after: Vma | undefined,
  ): Vma | undefined {
    const model = this.#model;
    const start = outcome.value;
    const window = model.windows.get('user');
    const inside = !window || (start >= window.start && start + made.pages <= window.end);
    if (outcome.extra !== 0 || !inside) {
      model.violate(common.VMA_PLACE, 'a page-aligned address in the window of the user side');
      return undefined;
    }
    if (after && start !== after.start + after.pages) {
      model.violate(
        common.VMA_PLACE,
        `${printLocation(after.start + after.pages, 0, model.page)}, right after v${after.name}`,
      );
      return undefined;
    }
    for (const other of this.live) {
      if (start < other.start + other.pages && other.start < start + made.pages) {
        model.violate(common.VMA_PLACE, `an address apart from v${other.name}`);
        return undefined;
      }
    }
    model.uphold(common.VMA_PLACE);
    const { pages } = made;
    // Field by field: a spread of this many fields costs more than a whole step.
    const vma: Vma = {
      name: made.name,
      pages,
      kinds: made.kinds,
      shared: made.shared,
      object: made.object,
      index: made.index,
      start,
      remapped: false,
      live: true,
      possible: undefined,
      frames: new Float64Array(pages).fill(-1),
      insertions: new Array<Insertion | undefined>(pages).fill(undefined),
      since: new Float64Array(pages).fill(model.now),
      last: new Float64Array(pages).fill(-1),
      removals: new Array<Removal | undefined>(pages).fill(undefined),
      untabled: new Uint8Array(pages),
      seen: new Uint8Array(pages * 64),
    };
    this.named[made.name] = vma;
    this.live.push(vma);
    for (const { sweep, by } of this.#sweeps) {
      if (sweep.object !== vma.object || by.returns < model.called) continue;
      const { from, to } = sweep.range(vma);
      for (let page = from; page < to; page++) this.block?.perhapsEmpty(vma, page, sweep, by);
    }
    return vma;
  }

  /** A parallel block begins. */
  enterBlock(): void {
    this.block = new Overlap(this.#model);
    this.#leaving.length = 0;
    this.#arriving.length = 0;
    this.#sweeps.length = 0;
  }

  /** In a parallel block: an `mmap` was called, and will return this address. */
  arrive(start: number, pages: number): void {
    this.#arriving.push({ start, end: start + pages });
  }

  /** A parallel block has ended. */
  leaveBlock(): void {
    const { block } = this;
    this.block = undefined;
    block!.end();
  }

  /** After a parallel block a page may be in one of several states: an answer rules some of them out. */
  settle(vma: Vma, page: number, fits: (frame: FrameId) => boolean): void {
    const possible = vma.possible?.get(page);
    const left = possible?.filter(({ frame }) => fits(frame));
    if (left && left.length > 0) settlePage(vma, page, left);
  }

  /** A page of a VMA was filled, if it was empty; nobody was told which. */
  fillOrFind(vma: Vma, page: number, frame: FrameId, insertion: Insertion): void {
    const filled = { frame, insertion, removal: undefined };
    settlePage(
      vma,
      page,
      vma.possible!.get(page)!.map((one) => (one.frame < 0 ? filled : one)),
    );
  }

  /** A page of a VMA was filled. */
  insert(vma: Vma, page: number, frame: FrameId, insertion: Insertion): void {
    if (this.block) return this.block.fill(vma, page, frame, insertion);
    vma.possible?.delete(page);
    vma.frames[page] = frame;
    vma.insertions[page] = insertion;
    vma.since[page] = this.#model.now;
    vma.removals[page] = undefined;
    const told = vma.last[page] !== frame;
    for (let i = page; i < vma.seen.length; i += vma.pages)
      vma.seen[i] = told && vma.seen[i] === LOADED ? LOADED_BEFORE : 0;
    if (insertion.counted) this.#model.count(frame, 1, 1, insertion.counted);
    else this.#model.count(frame, 0, 0, insertion.maps);
  }

  /** Pages `[from, to)` of a VMA were emptied; `spare` says which frames stay all the same. */
  remove(vma: Vma, from: number, to: number, removal: Removal, spare?: (frame: FrameId) => boolean): void {
    for (let page = from; page < to; page++) {
      if (this.block) {
        this.block.empty(vma, page, removal, spare);
        continue;
      }
      if (vma.possible?.has(page)) this.#removePossible(vma, page, removal, spare);
      const frame = vma.frames[page];
      if (frame < 0 || spare?.(frame)) continue;
      const insertion = vma.insertions[page];
      if (insertion?.counted && isPoolFrame(frame)) this.#model.count(frame, -1, -1, removal.counts);
      else this.#model.count(frame, 0, 0, removal.counts);
      vma.frames[page] = -1;
      vma.last[page] = frame;
      vma.removals[page] = removal;
      vma.since[page] = this.#model.now;
      vma.untabled[page] = 0;
    }
  }

  /** Pages of every VMA of an object were emptied. */
  sweep(sweep: Sweep): void {
    for (const vma of this.#mapping(sweep.object)) {
      const { from, to } = sweep.range(vma);
      if (from < to) this.remove(vma, from, to, sweep.removal, sweep.spare);
    }
    if (!this.block) return;
    const { called, returns, step, cpu, outcome } = this.#model;
    this.#sweeps.push({ sweep, by: { called, returns, step, cpu, outcome } });
  }

  /** Empties a page of which it is not known what it holds: how counts change is not known either. */
  #removePossible(vma: Vma, page: number, removal: Removal, spare?: (frame: FrameId) => boolean): void {
    const possible = vma.possible!.get(page)!;
    for (const { frame } of possible) if (frame >= 0) this.#model.uncertain.add(frame);
    const gone: Possibility = { frame: -1, insertion: undefined, removal };
    const left = possible.filter(({ frame }) => frame >= 0 && spare?.(frame));
    const emptied = possible.filter((one) => !left.includes(one));
    if (emptied.some(({ frame }) => frame >= 0)) vma.last[page] = emptied.find(({ frame }) => frame >= 0)!.frame;
    settlePage(vma, page, emptied.length > 0 ? [gone, ...left] : left);
    vma.since[page] = this.#model.now;
  }

  /** A call that should have mapped `pages` frames from `frame` on at page `from` failed: none may be mapped. */
  fail(vma: Vma, from: number, pages: number, frame: FrameId, clause: Clause): void {
    const removal: Removal = { tables: clause, access: clause, keeps: clause, counts: clause };
    for (let i = 0; i < pages; i++) {
      vma.removals[from + i] = removal;
      vma.last[from + i] = frame + i;
      vma.untabled[from + i] = 0;
    }
  }

  /**
   * A call returned that must not have changed anything besides what `remove` was told. `copies`: the clause that says
   * so of private copies, where that is another one.
   */
  keep(clause: Clause, copies = clause): void {
    this.#disturbed = this.#model.now;
    this.#keeps = clause;
    this.#keepsCopies = copies;
  }

  /** The VMA was unmapped. */
  munmap(vma: Vma, removal: Removal): void {
    this.remove(vma, 0, vma.pages, removal);
    vma.live = false;
    this.live.splice(this.live.indexOf(vma), 1);
    if (this.block) this.#leaving.push({ vma, returned: this.#model.returns });
    this.keep(removal.keeps);
  }

  /** VMAs of an object that the call which is judged must not miss. */
  *#mapping(object: number): Iterable<Vma> {
    for (const vma of this.live) if (vma.object === object) yield vma;
    if (!this.block) return;
    for (const { vma, returned } of this.#leaving)
      if (vma.object === object && returned > this.#model.called) yield vma;
  }

  /** The live VMA that has page number `location`, if any. */
  at(location: number): Vma | undefined {
    for (const vma of this.live) if (location >= vma.start && location < vma.start + vma.pages) return vma;
    return undefined;
  }

  /** Judges what a CPU reached at page `page` counted from the start of VMA `name`. */
  observe(cpu: number, name: number, page: number, word: number, outcome: Outcome, write: number): void {
    const named = this.named[name]!;
    if (this.block) return this.#observeOverlapping(named, page, word, outcome, write);
    if (named.live && page >= 0 && page < named.pages) return this.#page(cpu, named, page, word, outcome, write);
    const location = named.start + page;
    const vma = this.at(location);
    if (vma) return this.#page(cpu, vma, location - vma.start, word, outcome, write);
    if (page < 0 || page >= named.pages) return this.#stray(outcome);
    this.#empty(cpu, named, page, outcome);
  }

  #observeOverlapping(named: Vma, page: number, word: number, outcome: Outcome, write: number): void {
    const location = named.start + page;
    const inside = page >= 0 && page < named.pages;
    if (inside && named.live) return this.block!.observe(named, page, word, outcome, write);
    const vma = this.at(location);
    // Of a range that is being taken again, one or the other may be reached.
    if (!vma && this.#arriving.some(({ start, end }) => location >= start && location < end)) return;
    if (inside && !vma) return this.block!.observe(named, page, word, outcome, write);
    // The range was given back and taken again within the block: either may have been reached.
    if (inside && this.block!.concerns(named)) return;
    if (vma) this.block!.observe(vma, location - vma.start, word, outcome, write);
  }

  #stray(outcome: Outcome): void {
    if (outcome.kind !== 'frame') this.#model.uphold(common.STRAY_USER);
    else this.#model.violate(common.STRAY_USER, 'fault: no VMA of the program is there');
  }

  #page(cpu: number, vma: Vma, page: number, word: number, outcome: Outcome, write: number): void {
    const model = this.#model;
    if (vma.possible) {
      // A write to a private page faults where nothing is mapped, and as well where it is not yet a copy.
      const faults = (one: FrameId): boolean => one < 0 || (write >= 0 && !vma.shared && isPoolFrame(one));
      this.settle(vma, page, (one) => (outcome.kind === 'frame' ? one === outcome.value : faults(one)));
    }
    const frame = vma.frames[page];
    if (frame < 0) return this.#empty(cpu, vma, page, outcome);
    const insertion = vma.insertions[page]!;
    if (write >= 0 && !vma.shared && isPoolFrame(frame)) {
      return model.expect(
        common.COW_PROTECTS,
        outcome.kind === 'fault',
        () => 'fault: the page is private and not yet a copy',
      );
    }
    if (outcome.kind === 'frame' && outcome.value === frame) {
      model.uphold(insertion.maps);
      if (this.#disturbed > vma.since[page]) model.uphold(this.#keeper(frame));
      if (model.flushReturned > vma.since[page]) model.uphold(common.FLUSH_KEEPS_USER);
      const index = cpu * vma.pages + page;
      if (vma.seen[index] === LOADED_BEFORE) model.uphold(common.NO_STALE_REFILL);
      vma.seen[index] = LOADED;
      return model.touch(frame, word, outcome, write);
    }
    const allowed = `${printFrame(frame)}: page ${page} of v${vma.name}, which is mapped`;
    if (outcome.kind === 'frame' && outcome.value === vma.last[page] && vma.last[page] !== frame) {
      return model.violate(common.NO_STALE_REFILL, allowed, [insertion.maps]);
    }
    this.missed(vma, page, allowed, insertion.maps);
  }

  /** A mapped page is not there any more: charged to the latest promise that should have held, else to `clause`. */
  missed(vma: Vma, page: number, allowed: string, clause: Clause): void {
    const model = this.#model;
    const flush = model.flushReturned > vma.since[page] ? model.flushReturned : -1;
    const call = this.#disturbed > vma.since[page] ? this.#disturbed : -1;
    if (call >= 0 && call > flush) model.violate(this.#keeper(vma.frames[page]), allowed, [clause]);
    else if (flush >= 0) model.violate(common.FLUSH_KEEPS_USER, allowed, [clause]);
    else model.violate(clause, allowed);
  }

  /** The clause of the latest call that had to leave the frame where it is. */
  #keeper(frame: FrameId): Clause {
    return isPoolFrame(frame) ? this.#keeps! : this.#keepsCopies!;
  }

  /** Nothing is mapped at the page: what was there must be gone. */
  #empty(cpu: number, vma: Vma, page: number, outcome: Outcome): void {
    const model = this.#model;
    const removal = vma.removals[page];
    const access = removal?.access;
    const allowed = vma.live ? 'fault: the page is not mapped' : 'fault, or other: the VMA is unmapped';
    const held = outcome.kind === 'fault' || (!vma.live && outcome.kind === 'other');
    if (!removal || !access) return model.expect(common.NOT_MAPPED, held, () => allowed);
    const index = cpu * vma.pages + page;
    const loaded = vma.seen[index] === LOADED;
    if (held) {
      model.uphold(removal.tables);
      if (loaded) model.uphold(access);
      else model.unarmed(access);
      // What is not in the page tables cannot be loaded again: from here on the clause could not fail on this CPU.
      vma.seen[index] = 0;
    } else if (outcome.kind === 'frame' && outcome.value === vma.last[page]) {
      // Page tables of a VMA that is gone cannot be asked: a CPU that had the translation most likely kept it.
      if (vma.untabled[page] || (!vma.live && loaded)) model.violate(access, allowed, [removal.tables]);
      else model.violate(removal.tables, allowed, [access]);
    } else model.violate(common.NOT_MAPPED, allowed);
  }
}
