import type { Clause } from '../../clauses/clause.ts';
import * as common from '../../clauses/common.ts';
import { type FrameId, isPrivateCopy } from '../../notation/frame.ts';
import { type Outcome, printLocation } from '../../notation/outcome.ts';
import type { Judgement } from '../judgement.ts';
import type { Insertion, Removal } from '../promises.ts';
import { BlockHistory } from './block.ts';
import { settleBlock } from './order.ts';
import { Pages } from './pages.ts';
import type { SpareVmas } from './spare.ts';
import { framesAt, hasPage, overlaps, type Sweep, type Vma, type WantedVma } from './vma.ts';

/** Clauses that forbid a call to unmap certain pages, where another clause forbids it for all other pages. */
interface KeepsInstead {
  /** For private copies. */
  readonly copies?: Clause;
  /** For the page of an object that has this index. */
  readonly page?: { readonly object: number; readonly index: number; readonly clause: Clause };
}

const NOTHING_INSTEAD: KeepsInstead = {};

/** The latest call that could have unmapped too much, in any address space. */
export class Disturbance {
  /** When it returned. */
  at = -1;
  /** The clause that forbids it. */
  keeps: Clause | undefined;
  instead: KeepsInstead = NOTHING_INSTEAD;

  reset(): void {
    this.at = -1;
    this.keeps = undefined;
    this.instead = NOTHING_INSTEAD;
  }
}

/**
 * The user VMAs, and what calls do to them. Nothing is lazy here: once an unmapping call has returned, its
 * translations are gone everywhere.
 */
export class Vmas extends Pages {
  /** VMAs by name, live or unmapped. */
  readonly named: (Vma | undefined)[] = [];
  readonly live: Vma[] = [];
  readonly #disturbance: Disturbance;

  readonly #spare: SpareVmas;

  /** `disturbance` and `spare` are shared by all address spaces. */
  constructor(model: Judgement, disturbance: Disturbance, spare: SpareVmas) {
    super(model);
    this.#disturbance = disturbance;
    this.#spare = spare;
  }

  /** When the latest call returned that could have unmapped too much. */
  get disturbed(): number {
    return this.#disturbance.at;
  }

  /** Begins another trace. */
  reset(): void {
    for (const vma of this.named) if (vma) this.#spare.give(vma);
    this.named.length = 0;
    this.live.length = 0;
    this.block = undefined;
  }

  /**
   * `mmap` returned an address: judges the address, and takes the VMA over.
   * @param after the VMA that the new one was to follow directly, if any.
   * @returns the VMA, or undefined where the address is wrong.
   */
  mmap(outcome: Outcome, wanted: WantedVma, after: Vma | undefined): Vma | undefined {
    const vma = this.#spare.take(wanted.pages);
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
    if (shrinks) {
      this.remove(old, pages, old.pages, removal);
      this.#end(old, removal);
    }
    const { kinds, shared, object, index, dontCopy } = old;
    const wanted = { name, pages, kinds, shared, object, index, dontCopy };
    const made = this.mmap(this.model.outcome, wanted, undefined);
    // A VMA that moves keeps its addresses until the new ones are taken.
    if (!shrinks) this.#end(old, removal);
    if (!made) return;
    made.remapped = old.remapped;
    made.protection = old.protection;
    // The pages stay where they are, and so does what CPUs hold of them.
    if (shrinks && made.protection && made.protection.raised >= 0) made.protection.raised = this.model.now;
    for (let page = 0; page < pages; page++) this.movePage(old, made, page, maps, removal);
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

  /**
   * A fork copied the VMAs of `parent` to this address space, which has none yet.
   * @param copied what it promises about pages that are copied.
   * @param leftOut what it promises about VMAs that are not copied.
   */
  copyFrom(parent: Vmas, copied: Insertion, leftOut: Removal): void {
    for (const old of parent.named) {
      if (old === undefined) continue;
      const made = this.#spare.take(old.pages);
      made.copyOf(old, this.model, copied.maps);
      this.named[old.name] = made;
      if (!made.live) continue;
      if (old.dontCopy) {
        made.live = false;
        for (let page = 0; page < made.pages; page++) {
          made.removals[page] = leftOut;
          made.last[page] = made.frames[page] >= 0 ? made.frames[page] : made.last[page];
          made.frames[page] = -1;
        }
        made.possible = undefined;
        continue;
      }
      this.live.push(made);
      for (let page = 0; page < made.pages; page++) this.countCopy(made, page, copied);
    }
  }

  /** The address space ended. */
  exit(removal: Removal): void {
    for (const vma of this.live) {
      this.remove(vma, 0, vma.pages, removal);
      vma.live = false;
    }
    this.live.length = 0;
    this.keep(removal.keeps);
  }

  /** A call that failed must have left the counts of all mapped frames as they were. */
  keepCounts(clause: Clause): void {
    for (const vma of this.live)
      for (let page = 0; page < vma.pages; page++)
        for (const frame of framesAt(vma, page)) if (frame >= 0) this.model.count(frame, 0, 0, clause);
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

  /**
   * A call returned that must not have changed anything except what `remove` emptied.
   * @param instead other clauses that say so about some pages.
   */
  keep(clause: Clause, instead: KeepsInstead = NOTHING_INSTEAD): void {
    const disturbance = this.#disturbance;
    disturbance.at = this.model.now;
    disturbance.keeps = clause;
    disturbance.instead = instead;
  }

  /** The clause of the latest call that must not have unmapped a page; see `disturbed`. */
  keeper(vma: Vma, page: number): Clause {
    const { keeps, instead } = this.#disturbance;
    const { copies, page: special } = instead;
    if (copies && isPrivateCopy(vma.frames[page])) return copies;
    const isSpecial = special && vma.object === special.object && vma.index >= 0 && vma.index + page === special.index;
    return isSpecial ? special.clause : keeps!;
  }

  /** A parallel block begins. */
  enterBlock(): void {
    this.block = new BlockHistory(this.model);
  }

  /** In a parallel block: an `mmap` was called, and will return this address. */
  arrive(start: number, pages: number): void {
    this.block!.arriving.push({ start, end: start + pages, returned: this.model.returns });
  }

  /** A parallel block has ended. */
  leaveBlock(): void {
    const block = this.block!;
    this.block = undefined;
    settleBlock(block);
  }
}
