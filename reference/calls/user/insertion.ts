import type { Clause } from '../../clauses/clause.ts';
import type { Model } from '../../model/model.ts';
import type { Insertion } from '../../model/promises.ts';
import type { Vma } from '../../model/user/vma.ts';
import type { FrameId } from '../../notation/frame.ts';
import type { Outcome } from '../../notation/outcome.ts';

/** Judging calls that insert frames in pages of a VMA, page by page. */

/** What a call promises about a page that it inserts, and its right answers in words. */
export interface PageInsertion extends Insertion {
  /** The clause about pages outside the VMA. */
  readonly outside: Clause;
  /** The clause about a page where something is already mapped. */
  readonly present: Clause;
  /** The answer is the same whether the page was inserted or something was already mapped there. */
  readonly oneAnswer: boolean;
  readonly answers: {
    readonly outside: string;
    readonly present: string;
    /** Inside the VMA, where nothing is mapped. */
    readonly empty: string;
    /** Inside the VMA, where overlapping calls decide whether something is mapped. */
    readonly overlapping: string;
  };
}

/** What an answer says about a page inside the VMA; `wrong` if it is not an answer for such a page. */
export type Answer = 'inserted' | 'present' | 'inserted or present' | 'no memory' | 'wrong';

/** Why a call that inserts several pages failed inside the VMA. */
export type Failure = 'present' | 'no memory';

/** Why such a call failed; undefined if it cannot fail with this errno inside the VMA. */
export function failureOf(model: Model, { text }: Outcome): Failure | undefined {
  if (text === 'EBUSY') return 'present';
  // Linux returns -EFAULT if it cannot allocate an upper page table.
  return text === 'ENOMEM' || (text === 'EFAULT' && model.explainByInjection()) ? 'no memory' : undefined;
}

/** Judges an insertion that is not fully inside the VMA. `refused`: the answer is the right one for that. */
export function endOutside(model: Model, frames: readonly FrameId[], refused: boolean, promise: PageInsertion): void {
  model.user.keep(promise.outside);
  for (const frame of frames) model.count(frame, 0, 0, promise.outside);
  model.expect(promise.outside, refused, () => promise.answers.outside);
}

/** Judges the insertion of a frame in a page inside the VMA, and applies its effect to the model. */
export function endInsertion(
  model: Model,
  vma: Vma,
  page: number,
  frame: FrameId,
  answer: Answer,
  promise: PageInsertion,
): void {
  const { user } = model;
  const { block } = user;
  if (promise.oneAnswer && (block || vma.possible?.has(page))) {
    if (answer !== 'inserted or present') return model.violate(promise.maps, promise.answers.overlapping);
    return (block ?? user).fillOrFind(vma, page, frame, promise);
  }
  if (block) {
    if (answer === 'present') return block.find(vma, page, true, promise.present, '0');
    if (answer === 'no memory') return;
    if (answer !== 'inserted') return model.violate(promise.maps, promise.answers.overlapping);
    return user.insert(vma, page, frame, promise);
  }
  if (vma.possible && answer !== 'no memory') user.settle(vma, page, (one) => one >= 0 === (answer === 'present'));
  const present = vma.frames[page];
  if (present >= 0) {
    user.keep(promise.present);
    model.count(frame, 0, 0, promise.present);
    if (promise.counted) model.count(present, 0, 0, promise.present);
    if (answer === 'no memory') return;
    const held = answer === 'present' || answer === 'inserted or present';
    return model.expect(promise.present, held, () => promise.answers.present);
  }
  if (answer === 'inserted' || answer === 'inserted or present') return user.insert(vma, page, frame, promise);
  if (answer !== 'no memory') return model.violate(promise.maps, promise.answers.empty);
  model.count(frame, 0, 0, promise.maps);
}
