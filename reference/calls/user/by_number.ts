import type { Clause } from '../../clauses/clause.ts';
import type { Known } from '../../model/known.ts';
import type { Model } from '../../model/model.ts';
import type { Address } from '../../notation/address.ts';
import type { FrameId } from '../../notation/frame.ts';
import type { Outcome } from '../../notation/outcome.ts';
import type { AnyArguments } from '../../notation/signature.ts';
import type { Step } from '../call.ts';
import { liesIn } from '../lies-in.ts';
import { endInsertion, endOutside, type PageInsertion } from './insertion.ts';
import { boundVma, knownVma, pageIn, predictFill } from './vmas.ts';

/** Calls that insert one frame by number and return a `vm_fault_t`, as a fault handler does. */

type ByNumberStep = Step<readonly [vma: Address, addr: Address, pfn: FrameId, ...rest: AnyArguments]>;

/** What such a call promises: that it maps the frame, about a mapped page, and about an address outside the VMA. */
export const insertionByNumber = (maps: Clause, present: Clause, outside: Clause): PageInsertion => ({
  maps,
  counted: undefined,
  outside,
  present,
  oneAnswer: true,
  answers: {
    outside: 'SIGBUS: the address is outside the VMA',
    present: 'NOPAGE: a page is mapped there',
    empty: 'NOPAGE (or OOM)',
    overlapping: 'NOPAGE (or OOM)',
  },
});

/** Whether such a call got no memory for a page table. */
export const returnsOom = (_model: Model, _step: Step, { text }: Outcome): boolean => text === 'OOM';

/** What is known after such a call. */
export const predictByNumber = (known: Known, step: ByNumberStep): void =>
  predictFill(known, knownVma(known, step)!, step.args[1], 1);

/** Judges the return of such a call, and applies its effect to the model. */
export function endByNumber(model: Model, step: ByNumberStep, { text }: Outcome, promise: PageInsertion): void {
  const vma = boundVma(model, step);
  const page = pageIn(model, vma, step.args[1]);
  const frame = step.args[2];
  if (!liesIn(vma, page, 1)) return endOutside(model, [frame], text === 'SIGBUS', promise);
  if (text === 'OOM') return;
  endInsertion(model, vma, page, frame, text === 'NOPAGE' ? 'inserted or present' : 'wrong', promise);
}
