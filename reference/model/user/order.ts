import type { Clause } from '../../clauses/clause.ts';
import * as common from '../../clauses/common.ts';
import { type FrameId, isPoolFrame, isPrivateCopy } from '../../notation/frame.ts';
import type { Judgement } from '../judgement.ts';
import { type Followed, linearize } from '../linearize.ts';
import type { Insertion } from '../promises.ts';
import type { BlockHistory, PageHistory, PageOperation } from './block.ts';
import { type Possibility, settlePage } from './vma.ts';

/**
 * A parallel block has ended: looks for an order of its operations page by page, and leaves the VMAs in the states
 * that follow.
 *
 * The search is per page, because a call on several pages does not take effect on all of them at once. In this block
 * v0 is empty at first, and then has f1 at page 0 and nothing at page 1:
 *
 *     @0 zap_vma_ptes v0 v0 0x2000                  [1 6]
 *     @1 vmf_insert_pfn v0 v0 f1 => NOPAGE          [2 3]
 *     @1 vmf_insert_pfn v0 v0+0x1000 f2 => NOPAGE   [4 5]
 *
 * Wherever the zap stands as a whole, among the two insertions, it leaves page 1 mapped or page 0 empty. But it clears
 * one entry after the other, so it can be before f1 on page 0 and after f2 on page 1. Page by page there is an order
 * for both. A search per page is also short: it sees only the few operations on that page.
 */
export function settleBlock(block: BlockHistory): void {
  for (const history of block.histories()) {
    if (history.operations.length > 0) settle(block.model, history);
    if (block.model.violation) return;
  }
}

function settle(model: Judgement, history: PageHistory): void {
  const { vma, page, initial, operations } = history;
  const order = linearize(lanesOf(operations), initial);
  if (order.kind === 'unknown') {
    model.giveUp();
    return take(model, history, anyState(history));
  }
  if (order.kind === 'none') {
    const { step, cpu, called, returned, outcome, clause, allowed } = order.stuck;
    model.enter(step, cpu, called, returned, outcome);
    const steps = order.followed.operations.map(({ operation, state }) => ({ step: operation.step, holds: state }));
    const followed = { vma: vma.name, page, initial: order.followed.initial, steps };
    const explained = `${allowed}: no order of the overlapping calls explains this answer`;
    model.violate(clause, explained, [], followed);
    // There is a verdict, even if the search was given up for other pages.
    if (model.violation) model.unknown = false;
    return take(model, history, [lastState(order.followed)]);
  }
  for (const operation of operations) if (!operation.removal) model.uphold(operation.clause);
  take(model, history, [...order.final]);
}

const lastState = ({ initial, operations }: Followed<PageOperation>): FrameId =>
  operations.length > 0 ? operations[operations.length - 1].state : initial;

/** Every state that the page can be in, whatever the order. */
function anyState({ initial, operations }: PageHistory): FrameId[] {
  const filled = operations.map(({ fills }) => fills).filter((frame) => frame >= 0);
  const emptied = operations.some(({ removal }) => removal) ? [-1] : [];
  return [...new Set([...initial, ...filled, ...emptied])];
}

/** The most positions that a search looks at for one moment within a block: a block has many moments. */
const LIMIT_WITHIN = 1000;

/**
 * The states that a page may be in at one moment of a block: operations that have returned took effect, those that are
 * under way may have. If no order explains the answers: the state after the longest order that can be followed.
 */
export function statesNow(now: number, history: PageHistory): readonly FrameId[] {
  const { initial, operations } = history;
  if (operations.length === 0) return initial;
  const soFar = operations.map((one) => (one.returned > now ? { ...one, mayIdle: () => true } : one));
  const order = linearize(lanesOf(soFar), initial, LIMIT_WITHIN);
  if (order.kind === 'unknown') return anyState(history);
  if (order.kind === 'none') return [lastState(order.followed)];
  const states = order.final;
  // A copy clears the page before it fills it.
  const copying = operations.some((one) => one.copies && one.returned > now);
  return [...states, ...(copying && !states.has(-1) && [...states].some((one) => !isPrivateCopy(one)) ? [-1] : [])];
}

/** Whether each operation returned before the next one was called. */
function followEachOther(operations: readonly PageOperation[]): boolean {
  for (let i = 1; i < operations.length; i++) if (operations[i].called < operations[i - 1].returned) return false;
  return true;
}

/** The operations of each CPU, in the order of their calls. */
function lanesOf(operations: readonly PageOperation[]): readonly (readonly PageOperation[])[] {
  // Where none overlap they have only one order, whichever CPUs made them.
  if (followEachOther(operations)) return [operations];
  const lanes = new Map<number, PageOperation[]>();
  for (const operation of operations) {
    const lane = lanes.get(operation.cpu);
    if (lane) lane.push(operation);
    else lanes.set(operation.cpu, [operation]);
  }
  // What a sweep did to a VMA that was made meanwhile is added when that VMA is made, out of order.
  for (const lane of lanes.values()) lane.sort((a, b) => a.called - b.called);
  return [...lanes.values()];
}

/** Takes over the states that the page may be in after the block. */
function take(model: Judgement, history: PageHistory, final: readonly FrameId[]): void {
  const { vma, page, operations } = history;
  const removal = operations.findLast((operation) => operation.removal)?.removal;
  const possibilities: Possibility[] = [];
  for (const frame of final) {
    if (frame < 0) possibilities.push({ frame, insertion: undefined, removal: removal ?? vma.removals[page] });
    else
      for (const insertion of insertionsOf(history, frame))
        possibilities.push({ frame, insertion, removal: undefined });
  }
  takeCounts(model, history, final);
  const last = operations.findLast((operation) => operation.fills >= 0)?.fills ?? vma.frames[page];
  vma.last[page] = last >= 0 ? last : vma.last[page];
  vma.since[page] = model.now;
  vma.untabled[page] = false;
  settlePage(vma, page, possibilities);
}

/**
 * What may have mapped a frame in a page after the block: the last insertion of it. If another one differs in whether the
 * frame is counted, it is unknown which of them was refused, so both are possible.
 */
function insertionsOf({ vma, page, operations, initial }: PageHistory, frame: FrameId): (Insertion | undefined)[] {
  const latestFirst: (Insertion | undefined)[] = [];
  for (let i = operations.length - 1; i >= 0; i--)
    if (operations[i].fills === frame) latestFirst.push(operations[i].insertion);
  const filled = latestFirst.length;
  for (const one of vma.possible?.get(page) ?? []) if (one.frame === frame) latestFirst.push(one.insertion);
  if (latestFirst.length === filled && initial.includes(frame)) latestFirst.push(vma.insertions[page]);
  const [last] = latestFirst;
  const differing = latestFirst.find((one) => isCounted(one) !== isCounted(last));
  return differing === undefined ? [last] : [last, differing];
}

const isCounted = (insertion: Insertion | undefined): boolean => insertion?.counted !== undefined;

/** An operation involved a frame, if it is one: its counts are uncertain, or `clause` is about them from now on. */
function involve(model: Judgement, frame: FrameId, uncertain: boolean, clause: Clause): void {
  if (frame < 0 || !isPoolFrame(frame)) return;
  if (uncertain) model.uncertain.add(frame);
  else model.count(frame, 0, 0, clause);
}

/** Takes over how the counts of the frames involved changed, as far as that is known. */
function takeCounts(model: Judgement, history: PageHistory, final: readonly FrameId[]): void {
  const { vma, page, operations, initial } = history;
  const counted = operations.some((operation) => operation.insertion?.counted);
  const { clause } = operations[operations.length - 1];
  const uncertain = counted || vma.possible?.has(page) === true;
  for (const frame of initial) involve(model, frame, uncertain, clause);
  for (const { fills } of operations) involve(model, fills, uncertain, clause);
  const was = initial[0];
  if (initial.length > 1 || was < 0 || !isPoolFrame(was) || !vma.insertions[page]?.counted) return;
  const removal = operations.findLast((operation) => operation.removal)?.removal;
  const gone = final.every((frame) => frame !== was);
  // A page that has the frame still, or again, may have got it back from an insertion that does not count.
  const again = operations.some((operation) => operation.fills === was);
  if (gone && !again) model.count(was, -1, -1, removal?.counts ?? common.COUNTS);
  else if (gone || again || final.length > 1) model.uncertain.add(was);
}
