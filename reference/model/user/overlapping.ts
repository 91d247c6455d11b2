import * as common from '../../clauses/common.ts';
import { type FrameId, printFrame } from '../../notation/frame.ts';
import type { Insertion } from '../promises.ts';
import type { BlockHistory, PageHistory, PageOperation } from './block.ts';
import { framesAt, hasPage, overlaps, type Vma } from './vma.ts';
import type { Vmas } from './vmas.ts';

/**
 * Judges what a CPU reached at a user address in a parallel block. A read is not part of the search for an order
 * (order.ts): it may go through the CPU's TLB instead of the page tables, and so see an older state than they have:
 *
 *     @0 zap_vma_ptes v0 v0 0x1000             [1 8]
 *     @1 vmf_insert_pfn v0 v0 f7 => NOPAGE     [2 3]
 *     @2 read v0 => f5                         [4 5]
 *     @1 follow_pfn v0 v0 => f7                [6 7]
 *
 * v0 maps f5 at first. The zap cleared the entry before f7 was inserted, but its shootdown may not have reached CPU 2
 * yet, so f5 is right. A frame is wrong only if a removal lies entirely between its filling and the read, because
 * then the shootdown has reached every CPU.
 */
export function observeOverlapping(vmas: Vmas, block: BlockHistory, named: Vma, page: number): void {
  const location = named.start + page;
  const inside = page >= 0 && page < named.pages;
  if (hasPage(named, page)) return observePage(block, named, page);
  const { model } = block;
  const { called, now, outcome } = model;
  const arriving = block.arriving.filter((one) => one.returned > called && location >= one.start && location < one.end);
  // Something else may have been mapped there before an mmap took the range.
  if (arriving.length > 0 && outcome.kind === 'other') return;
  const vma = vmas.at(location);
  const left = block.leaving.filter((one) => one.returned > called && overlaps(one.vma, location, location + 1));
  // The range changes hands during the access, so one of several VMAs may have been reached.
  const several = vma ? left.length > 0 : left.length > 1 || arriving.length > 0;
  if (several) {
    if (outcome.kind !== 'frame') return;
    const there = left.map((one) => one.vma);
    if (vma) there.push(vma);
    // What a new VMA holds is known once its mmap has returned.
    const known = arriving.every(({ returned }) => returned <= now);
    if (known && !there.some((one) => mayHaveHad(block, one, location - one.start)))
      return model.violate(common.NOT_MAPPED, 'fault, or a frame of a VMA that was there');
    return model.touch(outcome.value);
  }
  const reached = vma ?? left[0]?.vma ?? (inside ? named : undefined);
  if (reached) observePage(block, reached, location - reached.start);
}

/** Whether a VMA had the frame that was reached at a page, at some time of the block. */
function mayHaveHad(block: BlockHistory, vma: Vma, page: number): boolean {
  const { value } = block.model.outcome;
  const { initial = framesAt(vma, page), operations = [] } = block.historyOf(vma, page) ?? {};
  return initial.includes(value) || operations.some(({ fills }) => fills === value);
}

function observePage(block: BlockHistory, vma: Vma, page: number): void {
  const { model } = block;
  const writes = model.write >= 0;
  const { protection } = vma;
  if (protection?.forbids(writes)) {
    if (model.outcome.kind !== 'frame') return;
    return model.violate(protection.restriction!.denies, 'fault: the VMA does not allow the access');
  }
  // A CPU may fault once more where writing was allowed again.
  if (model.outcome.kind === 'fault' && protection?.mayFault(writes, -1)) return;
  const history = block.history(vma, page);
  const fills = history.operations.filter(({ fills, called }) => fills >= 0 && called < model.now);
  if (model.outcome.kind === 'frame') reached(block, history, fills);
  else if (model.write < 0 || vma.shared) missed(block, history, fills);
}

/** A frame was reached: it must have been filled in, and not certainly removed before the read. */
function reached({ model }: BlockHistory, history: PageHistory, fills: readonly PageOperation[]): void {
  const { vma, page, initial, operations } = history;
  const { called, now, outcome } = model;
  /** A removal that lies entirely between `since`, when a fill returned, and the call of this read. */
  const killer = (frame: FrameId, since: number): PageOperation | undefined =>
    operations.find((one) => one.removal && one.called > since && one.returned < called && !one.spares?.(frame));
  const rightly = (insertion: Insertion | undefined): void => {
    if (insertion) model.uphold(insertion.maps);
    model.touch(outcome.value);
  };
  let dead: PageOperation | undefined;
  for (const fill of fills) {
    if (fill.fills !== outcome.value) continue;
    const by = killer(fill.fills, fill.returned);
    if (!by) return rightly(fill.insertion);
    dead = by;
  }
  if (initial.includes(outcome.value)) {
    const by = killer(outcome.value, -1);
    if (!by) return rightly(vma.insertions[page]);
    dead = by;
  }
  if (!dead) return model.violate(common.NOT_MAPPED, 'fault, or a frame that a call has filled in');
  // A copy that is being made may still look like the frame that it is copied from.
  if (operations.some((one) => one.copies && one.called < now && one.returned > called)) return;
  model.violate(dead.removal!.tables, 'fault, or what was filled in since', [dead.removal!.access!]);
}

/** No frame was reached: the page must not have been mapped during the whole read. */
function missed({ model }: BlockHistory, history: PageHistory, fills: readonly PageOperation[]): void {
  const { vma, page, initial, operations } = history;
  const { called, now, outcome } = model;
  if (outcome.kind === 'other' && hasPage(vma, page))
    return model.violate(common.NOT_MAPPED, 'fault, or a frame that a call has filled in');
  const disturbed = (since: number, but?: PageOperation): boolean =>
    operations.some((one) => one.disturbs && one !== but && one.called < now && one.returned > since);
  const surely = fills.find((fill) => fill.sure && fill.returned < called && !disturbed(fill.called, fill));
  if (surely) return model.violate(surely.insertion!.maps, `${printFrame(surely.fills)}, which is mapped`);
  const kept = initial.length === 1 && initial[0] >= 0 && !disturbed(-1);
  if (kept)
    model.violate(vma.insertions[page]?.maps ?? common.NOT_MAPPED, `${printFrame(initial[0])}, which is mapped`);
}
