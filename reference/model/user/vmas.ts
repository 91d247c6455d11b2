import type { Clause } from '../../clauses/clause.ts';
import * as common from '../../clauses/common.ts';
import { type FrameId, isPoolFrame, isPrivateCopy } from '../../notation/frame.ts';
import { type Outcome, printLocation } from '../../notation/outcome.ts';
import type { Judgement } from '../judgement.ts';
import { MIXEDMAP } from '../known.ts';
import type { Insertion, Removal } from '../promises.ts';
import { countSeenCpus, markSeen, seenBy } from '../seen.ts';
import { BlockHistory } from './block.ts';
import { settleBlock } from './order.ts';
import {
  framesAt,
  hasPage,
  LOADED,
  LOADED_BEFORE,
  overlaps,
  type Possibility,
  type Sweep,
  settlePage,
  Vma,
  type WantedVma,
} from './vma.ts';

/** Longer VMAs are not kept for the next trace. */
const MAX_SPARE_PAGES = 64;

/** Clauses that forbid a call to unmap some pages, where another one than for all others does. */
interface KeepsInstead {
  /** For private copies. */
  readonly copies?: Clause;
  /** For the page of an object that has this index. */
  readonly page?: { readonly object: number; readonly index: number; readonly clause: Clause };
}

const NOTHING_INSTEAD: KeepsInstead = {};

/**
 * The user VMAs, and what calls do to them. Nothing is lazy here: once an unmapping call has returned, its
 * translations are gone everywhere. In a parallel block, what calls do to pages is written down first; the VMAs take
 * it over when the block has ended.
 */
export class Vmas {
  readonly model: Judgement;
  /** VMAs by name, live or unmapped. */
  readonly named: (Vma | undefined)[] = [];
  readonly live: Vma[] = [];
  /** When the latest call returned that could have unmapped too much, and the clause that forbids it. */
  disturbed = -1;
  #keeps: Clause | undefined;
  #keepsInstead: KeepsInstead = NOTHING_INSTEAD;
  /** The parallel block that is being judged. */
  block: BlockHistory | undefined;

  /** Objects for VMAs, by their length in pages. */
  readonly #spare: Vma[][] = Array.from({ length: MAX_SPARE_PAGES + 1 }, () => []);
  #room = 0;

  constructor(model: Judgement) {
    this.model = model;
  }

  /** The size of the memory that is kept for the next trace, in pages of VMAs. */
  get room(): number {
    return this.#room;
  }

  /** Begins another trace. */
  reset(): void {
    for (const vma of this.named)
      if (vma !== undefined && vma.pages <= MAX_SPARE_PAGES) this.#spare[vma.pages].push(vma);
    this.named.length = 0;
    this.live.length = 0;
    this.disturbed = -1;
    this.#keeps = undefined;
    this.#keepsInstead = NOTHING_INSTEAD;
    this.block = undefined;
  }

  /**
   * `mmap` returned an address: judges the address, and takes the VMA over.
   * @param after the VMA that the new one was to follow directly, if any.
   * @returns the VMA, or undefined where the address is wrong.
   */
  mmap(outcome: Outcome, wanted: WantedVma, after: Vma | undefined): Vma | undefined {
    const vma = this.#spare[wanted.pages]?.pop() ?? this.#newVma(wanted.pages);
    vma.begin(wanted, outcome.value, this.model);
    this.named[vma.name] = vma;
    const placed = this.#placed(vma, outcome, after);
    this.live.push(vma);
    if (!placed) return undefined;
    this.block?.meetSweeps(vma);
    return vma;
  }

  /**
   * A VMA was moved to the address that the call returned, or cut to its first `pages` pages there: judges the address,
   * and takes the new VMA over.
   * @param maps the clause that promises that the new VMA has the pages of the old one.
   */
  mremap(old: Vma, name: number, pages: number, maps: Clause, removal: Removal): void {
    const shrinks = pages < old.pages;
    if (shrinks) this.remove(old, pages, old.pages, removal);
    // A VMA that moves keeps its addresses until the new ones are taken.
    if (shrinks) this.#end(old, removal);
    const { kinds, shared, object, index } = old;
    const made = this.mmap(this.model.outcome, { name, pages, kinds, shared, object, index }, undefined);
    if (!shrinks) this.#end(old, removal);
    if (!made) return;
    made.remapped = old.remapped;
    made.protection = old.protection;
    // The pages stay where they are, and so does what CPUs hold of them.
    if (shrinks && made.protection && made.protection.raised >= 0) made.protection.raised = this.model.now;
    for (let page = 0; page < pages; page++) this.movePage(old, made, page, maps, removal);
  }

  /** A page of a VMA is in another VMA now. */
  protected movePage(old: Vma, made: Vma, page: number, maps: Clause, removal: Removal): void {
    const moved = (insertion: Insertion | undefined): Insertion => ({ maps, counted: insertion?.counted });
    const states = old.possible?.get(page)?.map((one) => ({ ...one, insertion: moved(one.insertion) }));
    const frame = old.frames[page];
    if (states) settlePage(made, page, states);
    else if (frame >= 0) {
      made.frames[page] = frame;
      made.insertions[page] = moved(old.insertions[page]);
    }
    for (const one of framesAt(old, page)) if (one >= 0) this.model.count(one, 0, 0, removal.counts);
    old.possible?.delete(page);
    if (frame < 0) return;
    old.frames[page] = -1;
    old.last[page] = frame;
    old.removals[page] = removal;
    old.since[page] = this.model.now;
    old.untabled[page] = false;
  }

  #newVma(pages: number): Vma {
    if (pages <= MAX_SPARE_PAGES) this.#room += pages;
    return new Vma();
  }

  /** Judges whether a new VMA is in the window, where it was asked for, and apart from all others. */
  #placed({ start, pages }: Vma, outcome: Outcome, after: Vma | undefined): boolean {
    const { model } = this;
    const window = model.windows.get('user');
    if (outcome.extra !== 0 || (window && (start < window.start || start + pages > window.end))) {
      model.violate(common.VMA_PLACE, 'a page-aligned address in the window of the user side');
      return false;
    }
    if (after && start !== after.start + after.pages) {
      const right = printLocation(after.start + after.pages, 0, model.page);
      model.violate(common.VMA_PLACE, `${right}, right after v${after.name}`);
      return false;
    }
    for (const other of this.live) {
      if (overlaps(other, start, start + pages)) {
        model.violate(common.VMA_PLACE, `an address apart from v${other.name}`);
        return false;
      }
    }
    model.uphold(common.VMA_PLACE);
    return true;
  }

  /** Pages `[from, to)` of a VMA were unmapped, and are no part of it any more. */
  cut(vma: Vma, from: number, to: number, removal: Removal): void {
    this.remove(vma, from, to, removal);
    vma.cut ??= new Uint8Array(vma.pages);
    vma.cut.fill(1, from, to);
    if (!vma.cut.includes(0)) this.#end(vma, removal);
  }

  #end(vma: Vma, removal: Removal): void {
    vma.live = false;
    vma.ended = removal;
    this.live.splice(this.live.indexOf(vma), 1);
  }

  /** The VMA was unmapped. */
  munmap(vma: Vma, removal: Removal): void {
    this.remove(vma, 0, vma.pages, removal);
    this.#end(vma, removal);
    this.block?.leaving.push({ vma, returned: this.model.returns });
    this.keep(removal.keeps);
  }

  /** The live VMA that has page number `location`, if any. */
  at(location: number): Vma | undefined {
    for (const vma of this.live) if (hasPage(vma, location - vma.start)) return vma;
    return undefined;
  }

  /** Whether a live VMA maps one of these consecutive frames. */
  maps(frames: readonly FrameId[]): boolean {
    const first = frames[0];
    const last = frames[frames.length - 1];
    return this.live.some((vma) => vma.frames.some((frame) => frame >= first && frame <= last));
  }

  /** A page of a VMA was filled. */
  insert(vma: Vma, page: number, frame: FrameId, insertion: Insertion): void {
    if (this.block) return this.block.fill(vma, page, frame, insertion);
    vma.possible?.delete(page);
    vma.frames[page] = frame;
    vma.insertions[page] = insertion;
    vma.since[page] = this.model.now;
    vma.removals[page] = undefined;
    const told = vma.last[page] !== frame;
    for (let cpu = countSeenCpus(vma) - 1; cpu >= 0; cpu--) {
      const held = seenBy(vma, cpu, page);
      if (held !== 0) markSeen(vma, cpu, page, told && held === LOADED ? LOADED_BEFORE : 0);
    }
    if (insertion.counted) this.model.count(frame, 1, 1, insertion.counted);
    else this.model.count(frame, 0, 0, insertion.maps);
  }

  /** Pages `[from, to)` of a VMA were emptied, except those whose frame satisfies `spare`. */
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
      if (insertion?.counted && isPoolFrame(frame)) this.model.count(frame, -1, -1, removal.counts);
      else this.model.count(frame, 0, 0, removal.counts);
      vma.frames[page] = -1;
      vma.last[page] = frame;
      vma.removals[page] = removal;
      vma.since[page] = this.model.now;
      vma.untabled[page] = false;
    }
  }

  /** Pages of every VMA of an object were emptied. */
  sweep(sweep: Sweep): void {
    const { block } = this;
    for (const vma of this.live) if (vma.object === sweep.object) this.#sweepVma(vma, sweep);
    if (!block) return;
    for (const vma of block.stillLeaving(sweep.object)) this.#sweepVma(vma, sweep);
    block.addSweep(sweep);
  }

  #sweepVma(vma: Vma, sweep: Sweep): void {
    for (const { from, to, removal } of sweep.ranges(vma)) this.remove(vma, from, to, removal, sweep.spare);
  }

  /** A call that should have mapped `pages` frames from `frame` on at page `from` failed: none of them may be mapped. */
  fail(vma: Vma, from: number, pages: number, frame: FrameId, clause: Clause): void {
    const removal: Removal = { tables: clause, access: clause, keeps: clause, counts: clause };
    for (let i = 0; i < pages; i++) {
      vma.removals[from + i] = removal;
      vma.last[from + i] = frame + i;
      vma.untabled[from + i] = false;
    }
  }

  /**
   * A call returned that must not have changed anything except what `remove` emptied.
   * @param instead other clauses that say so about some pages.
   */
  keep(clause: Clause, instead: KeepsInstead = NOTHING_INSTEAD): void {
    this.disturbed = this.model.now;
    this.#keeps = clause;
    this.#keepsInstead = instead;
  }

  /** The clause of the latest call that must not have unmapped a page; see `disturbed`. */
  keeper(vma: Vma, page: number): Clause {
    const { copies, page: special } = this.#keepsInstead;
    if (copies && isPrivateCopy(vma.frames[page])) return copies;
    const isSpecial = special && vma.object === special.object && vma.index >= 0 && vma.index + page === special.index;
    return isSpecial ? special.clause : this.#keeps!;
  }

  /** A parallel block begins. */
  enterBlock(): void {
    this.block = new BlockHistory(this.model);
  }

  /** In a parallel block: an `mmap` was called, and will return this address. */
  arrive(start: number, pages: number): void {
    this.block!.arriving.push({ start, end: start + pages });
  }

  /** A parallel block has ended. */
  leaveBlock(): void {
    const block = this.block!;
    this.block = undefined;
    settleBlock(block);
  }

  /** After a parallel block a page may be in one of several states: an answer rules some of them out. */
  settle(vma: Vma, page: number, fits: (frame: FrameId) => boolean): void {
    const possible = vma.possible?.get(page);
    const left = possible?.filter(({ frame }) => fits(frame));
    if (!left || left.length === 0) return;
    settlePage(vma, page, left);
    // Only a VM_MIXEDMAP VMA has counted pages.
    if (left.every((one) => one.insertion?.counted)) vma.kinds = MIXEDMAP;
  }

  /** A page that may be in one of several states was filled if it was empty; the answer does not tell if it was. */
  fillOrFind(vma: Vma, page: number, frame: FrameId, insertion: Insertion): void {
    const filled = { frame, insertion, removal: undefined };
    const states = vma.possible!.get(page)!.map((one) => (one.frame < 0 ? filled : one));
    settlePage(vma, page, states);
  }

  /** A page may have been filled if it was empty: the call failed, and does not tell at which page. */
  mayFill(vma: Vma, page: number, frame: FrameId, insertion: Insertion): void {
    const before = vma.possible?.get(page) ?? [
      { frame: vma.frames[page], insertion: vma.insertions[page], removal: vma.removals[page] },
    ];
    if (before.every((one) => one.frame >= 0)) return;
    if (insertion.counted) this.model.uncertain.add(frame);
    settlePage(vma, page, [...before, { frame, insertion, removal: undefined }]);
    vma.since[page] = this.model.now;
  }

  /** Empties a page that may be in one of several states, so how counts change is not known. */
  #removePossible(vma: Vma, page: number, removal: Removal, spare?: (frame: FrameId) => boolean): void {
    const possible = vma.possible!.get(page)!;
    for (const { frame } of possible) if (frame >= 0) this.model.uncertain.add(frame);
    const gone: Possibility = { frame: -1, insertion: undefined, removal };
    const left = possible.filter(({ frame }) => frame >= 0 && spare?.(frame));
    const emptied = possible.filter((one) => !left.includes(one));
    if (emptied.some(({ frame }) => frame >= 0)) vma.last[page] = emptied.find(({ frame }) => frame >= 0)!.frame;
    settlePage(vma, page, emptied.length > 0 ? [gone, ...left] : left);
    vma.since[page] = this.model.now;
  }
}
