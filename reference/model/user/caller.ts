import type { Clause } from '../../clauses/clause.ts';
import * as common from '../../clauses/common.ts';
import { type FrameId, isPrivateCopy, printFrame } from '../../notation/frame.ts';
import type { Judgement } from '../judgement.ts';
import type { BlockHistory } from './block.ts';
import type { Reads } from './reads.ts';
import { framesAt, type Vma } from './vma.ts';
import type { Vmas } from './vmas.ts';

/** A translation that was removed from the page tables, and that CPUs may still hold. */
interface Old {
  readonly frame: FrameId;
  readonly writable: boolean;
  /** When the call that removed it returned. */
  readonly ended: number;
  /** What that call promises of the page tables. */
  readonly tables: Clause | undefined;
  /** The CPUs that faulted at the address since, so that they cannot hold it. */
  readonly gone: Set<number>;
  /** The CPUs that reached it after it was removed. */
  readonly held: Set<number>;
}

/**
 * Judges what a CPU reached at a user address where callers flush (`user_tlb=caller`). Until the CPU has executed
 * `flush_tlb`, it may use translations that were removed since its last flush, and it may not see a new one.
 */
export class CallerReads {
  readonly #model: Judgement;
  readonly #vmas: Vmas;
  readonly #flushed: number[] = [];
  readonly #old = new Map<number, Old[]>();
  readonly #reads: Reads;

  constructor(vmas: Vmas, reads: Reads) {
    this.#model = vmas.model;
    this.#vmas = vmas;
    this.#reads = reads;
  }

  /** `flush_tlb` returned. */
  flush(): void {
    this.#flushed[this.#model.cpu] = this.#model.called;
  }

  /** A call removed a frame from a page of a VMA, or may have. */
  removed(vma: Vma, page: number, frame: FrameId, tables: Clause | undefined): void {
    if (frame < 0) return;
    const location = vma.start + page;
    const old: Old = { frame, writable: vma.shared, ended: this.#model.now, tables, gone: new Set(), held: new Set() };
    const list = this.#old.get(location);
    if (list) list.push(old);
    else this.#old.set(location, [old]);
  }

  /** A parallel block ends: CPUs may hold every translation that was valid at some moment of it. */
  leaveBlock(block: BlockHistory): void {
    for (const { vma, page, initial, operations } of block.histories()) {
      if (operations.length === 0) continue;
      const tables = operations.findLast(({ removal }) => removal)?.removal?.tables;
      for (const frame of new Set([...initial, ...operations.map(({ fills }) => fills)]))
        this.removed(vma, page, frame, tables);
    }
  }

  /** Judges an access outside of parallel blocks, at page `page` counted from the start of a VMA, live or not. */
  observe(named: Vma, page: number): void {
    const location = named.start + page;
    const vma = this.#vmas.at(location);
    if (this.#model.outcome.kind === 'frame') this.#reached(vma, location);
    else this.#notReached(vma, location);
  }

  /** The frames that the page tables may have at a page number. */
  #current(vma: Vma | undefined, location: number): readonly FrameId[] {
    return vma ? framesAt(vma, location - vma.start) : [];
  }

  #reached(vma: Vma | undefined, location: number): void {
    const model = this.#model;
    const { cpu, outcome, write } = model;
    const flushed = this.#flushed[cpu] ?? -1;
    const frame = outcome.value;
    const olds = this.#old.get(location) ?? [];
    const protectedPage = write >= 0 && vma !== undefined && !vma.shared && !isPrivateCopy(frame);
    if (this.#current(vma, location).includes(frame) && !protectedPage) {
      this.#upholdCurrent(vma!, location, olds);
      return model.touch(frame);
    }
    const usable = (one: Old): boolean => one.frame === frame && (write < 0 || one.writable);
    const old = olds.findLast((one) => usable(one) && one.ended >= flushed && !one.gone.has(cpu));
    if (old) {
      old.held.add(cpu);
      return model.touch(frame);
    }
    const dead = olds.findLast((one) => one.frame === frame);
    const allowed = vma ? 'fault, or the frame that is mapped' : 'fault, or other';
    if (protectedPage && this.#current(vma, location).includes(frame))
      return model.violate(common.COW_PROTECTS, 'fault: the page is private and not yet a copy');
    if (dead) return model.violate(common.CALLER_FLUSHES_USER, allowed, dead.tables ? [dead.tables] : []);
    model.violate(vma ? common.NOT_MAPPED : common.STRAY_USER, allowed);
  }

  #upholdCurrent(vma: Vma, location: number, olds: readonly Old[]): void {
    const model = this.#model;
    const page = location - vma.start;
    if (model.write < 0) model.showEffect(model.call, vma.cpu);
    if (vma.since[page] >= (this.#flushed[model.cpu] ?? -1)) return;
    const { maps } = vma.insertions[page] ?? {};
    if (maps) model.uphold(maps);
    if (olds.some(({ held }) => held.has(model.cpu))) model.uphold(common.CALLER_FLUSHES_USER);
    else model.unarmed(common.CALLER_FLUSHES_USER);
  }

  #notReached(vma: Vma | undefined, location: number): void {
    const model = this.#model;
    const { cpu, outcome, write } = model;
    const flushed = this.#flushed[cpu] ?? -1;
    const current = this.#current(vma, location);
    if (vma && outcome.kind === 'other') return model.violate(common.NOT_MAPPED, 'fault, or the frame that is mapped');
    if (!vma) model.uphold(common.STRAY_USER);
    else if (current.length === 1 && current[0] >= 0) {
      const page = location - vma.start;
      const readOnly = write >= 0 && !vma.shared && !isPrivateCopy(current[0]);
      const allowed = `${printFrame(current[0])}: page ${page} of v${vma.name}, which is mapped`;
      if (!readOnly && vma.since[page] < flushed)
        return this.#reads.missed(vma, page, allowed, vma.insertions[page]?.maps ?? common.CALLER_FLUSHES_USER);
    }
    for (const old of this.#old.get(location) ?? []) {
      if (old.ended < flushed && old.held.has(cpu)) model.uphold(common.CALLER_FLUSHES_USER);
      // A write through an old translation that is read-only faults, too.
      if (outcome.kind === 'fault' && (write < 0 || old.writable)) old.gone.add(cpu);
      if (old.tables) model.uphold(old.tables);
    }
  }
}
