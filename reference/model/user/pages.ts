import type { Clause } from '../../clauses/clause.ts';
import { type FrameId, isPoolFrame } from '../../notation/frame.ts';
import type { Judgement } from '../judgement.ts';
import { MIXEDMAP } from '../known.ts';
import type { Insertion, Removal } from '../promises.ts';
import { countSeenCpus, markSeen, seenBy } from '../seen.ts';
import type { BlockHistory } from './block.ts';
import { framesAt, LOADED, LOADED_BEFORE, type Possibility, settlePage, type Vma } from './vma.ts';

/**
 * What is mapped in the pages of VMAs. In a parallel block, what calls do to pages is written down first; the pages take
 * it over when the block has ended.
 */
export class Pages {
  readonly model: Judgement;
  /** The parallel block that is being judged. */
  block: BlockHistory | undefined;

  constructor(model: Judgement) {
    this.model = model;
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
      this.#clear(vma, page, removal);
    }
  }

  /** The frame of a page is unmapped. */
  #clear(vma: Vma, page: number, removal: Removal): void {
    vma.last[page] = vma.frames[page];
    vma.frames[page] = -1;
    vma.removals[page] = removal;
    vma.since[page] = this.model.now;
    vma.untabled[page] = false;
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
    if (frame >= 0) this.#clear(old, page, removal);
  }

  /** A page of a VMA was copied to another address space. */
  protected countCopy(made: Vma, page: number, { counted, maps }: Insertion): void {
    const states = made.possible?.get(page);
    for (const { frame, insertion } of states ?? [])
      if (frame >= 0 && insertion?.counted) this.model.uncertain.add(frame);
    const frame = made.frames[page];
    if (frame < 0 || states) return;
    const one = made.insertions[page]?.counted ? 1 : 0;
    this.model.count(frame, one, one, counted ?? maps);
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
