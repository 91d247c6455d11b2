import type { Clause } from '../../clauses/clause.ts';
import { type Known, MIXEDMAP, PLAIN } from '../../model/known.ts';
import type { KnownVma } from '../../model/known-space.ts';
import type { Model } from '../../model/model.ts';
import { framesAt, type Vma } from '../../model/user/vma.ts';
import type { Address } from '../../notation/address.ts';
import type { FrameId } from '../../notation/frame.ts';
import type { Outcome } from '../../notation/outcome.ts';
import type { AnyArguments } from '../../notation/signature.ts';
import type { Choose, Step } from '../call.ts';
import { endInsertion, failureOf, type PageInsertion } from './insertion.ts';
import { boundVma, knownVma, needsVma, noteAreaPages, predictAreaPages } from './vmas.ts';

/** Shared by the calls that map a list of pages in a whole VMA. */

/** What such a call promises. */
export interface WholeMapping {
  /** The clause about the call that succeeds. */
  readonly maps: Clause;
  /** The clause about a list that is too short. */
  readonly short: Clause;
  /** The errno for such a list. */
  readonly refusal: 'ENXIO' | 'EINVAL';
  /** The clause about a page that is already mapped. */
  readonly busy: Clause;
}

/** A call that is given the list. */
export interface ListMapping extends WholeMapping {
  /** Position in the list of the page for the VMA's first page. */
  readonly first: (vma: { readonly index: number }) => number;
}

type ListStep = Step<readonly [vma: Address, pages: readonly FrameId[], ...rest: AnyArguments]>;

/** What the call promises about each page. */
function promiseOf({ maps, short, refusal, busy }: WholeMapping): PageInsertion {
  return {
    maps,
    counted: maps,
    outside: short,
    present: busy,
    oneAnswer: false,
    answers: {
      outside: `-${refusal}: there are not enough pages for the VMA`,
      present: '-EBUSY: a page of the VMA is mapped',
      empty: '0 (or -ENOMEM)',
      overlapping: '0, or -EBUSY',
    },
  };
}

/** Draws the length of the list: mostly exactly as long as the VMA needs, sometimes one shorter or longer. */
export function drawWholeLength(known: Known, drawn: readonly [vma: Address], choose: Choose, whole: ListMapping) {
  const vma = known.vmas[drawn[0].index]!;
  const needed = whole.first(vma) + vma.pages;
  if (choose.chance(10)) return needed - 1;
  return choose.chance(15) ? needed + 1 : needed;
}

/** Why the step is undefined here; undefined if it is defined. */
export const undefinedWhole = (
  known: Known,
  step: Step<readonly [vma: Address, ...rest: AnyArguments]>,
): string | undefined => needsVma(known, step, PLAIN | MIXEDMAP);

/** What is known after the step. `pages`: how many pages there are for the VMA. */
export function predictWhole(vma: KnownVma, pages: number): void {
  if (vma.pages > pages) return;
  vma.kinds |= MIXEDMAP;
  vma.perhaps.fill(1);
}

/** What is known after a step that has the list. */
export function predictList(known: Known, step: ListStep, { first }: ListMapping): void {
  const vma = knownVma(known, step)!;
  predictWhole(vma, step.args[1].length - first(vma));
  predictAreaPages(known, vma, step.args[1]);
}

/** Judges the return of a call that is given the list. */
export function endList(model: Model, step: ListStep, outcome: Outcome, whole: ListMapping): void {
  const vma = boundVma(model, step);
  noteAreaPages(model, step.args[1]);
  endWhole(model, vma, step.args[1], whole.first(vma), outcome, whole);
}

/** Judges the return of a call that maps the pages of a list from position `first` on. */
export function endWhole(
  model: Model,
  vma: Vma,
  list: readonly FrameId[],
  first: number,
  outcome: Outcome,
  whole: WholeMapping,
): void {
  const promise = promiseOf(whole);
  if (first + vma.pages > list.length) {
    model.user.keep(whole.short);
    for (const frame of list) model.count(frame, 0, 0, whole.short);
    const refused = outcome.kind === 'errno' && outcome.text === whole.refusal;
    return model.expect(whole.short, refused, () => promise.answers.outside);
  }
  const frames = list.slice(first, first + vma.pages);
  const failure = outcome.kind === 'errno' ? failureOf(model, outcome) : undefined;
  if (failure !== undefined) endFailure(model, vma, frames, failure === 'present', promise);
  else if (outcome.kind === 'number' && outcome.value === 0) {
    vma.kinds = MIXEDMAP;
    for (let page = 0; page < vma.pages && !model.violation; page++)
      endInsertion(model, vma, page, frames[page], 'inserted', promise);
  } else return model.violate(whole.maps, '0, or -EBUSY (or -ENOMEM)');
  // Pages of the list that belong to no page of the VMA keep their counts.
  for (const frame of list) model.count(frame, 0, 0, failure ? whole.busy : whole.maps);
}

/** Whether something may be mapped at a page, and whether something certainly is. */
function presenceOf(vma: Vma, page: number): { maybe: boolean; surely: boolean } {
  const states = framesAt(vma, page);
  return { maybe: states.some((frame) => frame >= 0), surely: states.every((frame) => frame >= 0) };
}

/**
 * Judges a failure. The call does not tell at which page it failed. The pages before that page stay inserted.
 * @param busy it failed because it found a page mapped.
 */
function endFailure(model: Model, vma: Vma, frames: readonly FrameId[], busy: boolean, promise: PageInsertion): void {
  const { user } = model;
  const { block } = user;
  const before: PageInsertion = { ...promise, maps: promise.present, counted: promise.present };
  vma.kinds |= MIXEDMAP;
  if (block) {
    if (busy && !frames.some((_, page) => block.mayBePresent(vma, page)))
      return model.violate(promise.maps, promise.answers.empty);
    return frames.forEach((frame, page) => {
      block.mayFill(vma, page, frame, before);
    });
  }
  const states = frames.map((_, page) => presenceOf(vma, page));
  const surely = states.findIndex((one) => one.surely);
  // The pages at which the call may have failed, and what it certainly inserted before.
  const candidates = states.flatMap((one, page) => (one.maybe && (surely < 0 || page <= surely) ? [page] : []));
  if (busy && candidates.length === 0) return model.violate(promise.maps, promise.answers.empty);
  const first = busy ? candidates[0] : 0;
  const last = busy ? candidates[candidates.length - 1] : surely >= 0 ? surely : frames.length - 1;
  for (let page = 0; page < first && !model.violation; page++)
    endInsertion(model, vma, page, frames[page], 'inserted', before);
  if (first > 0) vma.kinds = MIXEDMAP;
  for (let page = first; page < last; page++) user.mayFill(vma, page, frames[page], before);
  // The call found this page mapped, or it filled the page before it found another one mapped.
  if (busy && first < last) user.settle(vma, first, (frame) => frame >= 0);
  const failed = surely >= 0 || (busy && first === last) ? last : -1;
  if (failed >= 0) endInsertion(model, vma, failed, frames[failed], busy ? 'present' : 'no memory', promise);
}
