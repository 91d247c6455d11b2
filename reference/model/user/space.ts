import type { Clause } from '../../clauses/clause.ts';
import type { FrameId } from '../../notation/frame.ts';
import type { Judgement } from '../judgement.ts';
import type { Removal } from '../promises.ts';
import { CallerReads } from './caller.ts';
import { observeOverlapping } from './overlapping.ts';
import { Reads } from './reads.ts';
import type { SpareVmas } from './spare.ts';
import { framesAt, type Vma } from './vma.ts';
import { type Disturbance, Vmas } from './vmas.ts';

/** An address space: what calls do to its VMAs, and the judging of what is seen of them. */
export class UserSpace extends Vmas {
  readonly #reads: Reads;
  #caller: CallerReads | undefined;

  constructor(model: Judgement, disturbance: Disturbance, spare: SpareVmas) {
    super(model, disturbance, spare);
    this.#reads = new Reads(this);
    this.#begin();
  }

  /** Makes what only some traits need. */
  #begin(): void {
    this.#caller = this.model.traits.user_tlb === 'caller' ? new CallerReads(this, this.#reads) : undefined;
  }

  override reset(): void {
    super.reset();
    this.#begin();
  }

  override remove(vma: Vma, from: number, to: number, removal: Removal, spare?: (frame: FrameId) => boolean): void {
    if (this.#caller && !this.block) {
      for (let page = from; page < to; page++)
        for (const frame of framesAt(vma, page))
          if (!spare?.(frame)) this.#caller.removed(vma, page, frame, removal.tables);
    }
    super.remove(vma, from, to, removal, spare);
  }

  protected override movePage(old: Vma, made: Vma, page: number, maps: Clause, removal: Removal): void {
    // The pages of a VMA that shrinks stay where they are.
    if (made.start !== old.start)
      for (const frame of framesAt(old, page)) this.#caller?.removed(old, page, frame, removal.tables);
    super.movePage(old, made, page, maps, removal);
  }

  override leaveBlock(): void {
    if (this.#caller) this.#caller.leaveBlock(this.block!);
    super.leaveBlock();
  }

  /** `flush_tlb` returned. */
  flushCpu(): void {
    this.#caller?.flush();
  }

  /** Judges what a CPU reached at page `page` counted from the start of VMA `name`. */
  observe(name: number, page: number): void {
    const named = this.named[name]!;
    if (this.#caller) {
      // What overlapping calls leave in TLBs is not known. Only values are taken over.
      if (!this.block) this.#caller.observe(named, page);
      else if (this.model.outcome.kind === 'frame') this.model.touch(this.model.outcome.value);
      return;
    }
    if (this.block) observeOverlapping(this, this.block, named, page);
    else this.#reads.observe(named, page);
  }

  /** A mapped page is gone: breaks the latest promise that should have kept it, or `clause` if there is no such one. */
  missed(vma: Vma, page: number, allowed: string, clause: Clause): void {
    this.#reads.missed(vma, page, allowed, clause);
  }
}
