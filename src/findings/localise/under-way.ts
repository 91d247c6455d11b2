import type { Violation } from '../../../reference/clauses/violation.ts';
import type { Trace } from '../../../reference/judge/judge.ts';
import type { Interval } from '../../../reference/notation/program.ts';
import { argumentOf, namedAddress, usedNames } from '../../programs/arguments.ts';
import type { Culprit, Diagnosis } from '../finding.ts';

/** Steps that are to blame because they were under way while another call did its part. */

/** Whether two calls were under way at the same time. */
export const overlapped = (a: Interval | undefined, b: Interval | undefined): boolean =>
  a !== undefined && b !== undefined && a.called < b.returned && b.called < a.returned;

/**
 * The call to blame for a page that can be reached after `missed`, a call that unmaps pages of an object: the call that was
 * unmapping the VMA of the page at the same time. Returns undefined if there was none. A call for an object finds a VMA
 * only while it is in the list of the object, so the VMA must be unmapped and flushed before it leaves that list. If the
 * page table still has the entry, the VMA was not unmapped. Otherwise, it was not flushed.
 */
export function endedMeanwhile(
  { program, times }: Trace,
  seenAt: number,
  missed: Culprit,
  diagnosis: Diagnosis | undefined,
): Culprit | undefined {
  const { steps } = program;
  const { call } = steps[missed.step];
  const page = namedAddress(argumentOf(steps[seenAt], 'address'));
  if (page?.base !== 'v' || call.effect !== 'empties' || !call.parameters.some(({ type }) => type === 'object'))
    return undefined;
  // A page that should have stayed was not missed: it was taken away.
  if (missed.clause.promises !== 'unmaps' && missed.clause.promises !== 'flushes') return undefined;
  const step = steps.findLastIndex(
    (one, at) =>
      /^(ends|cuts)$/.test(one.call.effect) &&
      usedNames(one).includes(`v${page.index}`) &&
      overlapped(times?.[at], times?.[missed.step]),
  );
  const broken = diagnosis === 'mapped' ? 'unmaps' : 'flushes';
  const clause = steps[step]?.call.clauses.find(({ promises }) => promises === broken);
  return clause && { step, clause };
}

/**
 * The call that filled a page after another one had, where a block has two calls that say they did: the one that returned
 * last, as the page was filled by then. Undefined if it is the step of the violation itself.
 */
export function filledAgain({ program, times, outcomes }: Trace, { step: seenAt }: Violation): Culprit | undefined {
  const { steps } = program;
  const [one, time] = [steps[seenAt], times?.[seenAt]];
  if (one.call.effect !== 'fills' || !time || outcomes[seenAt].kind === 'errno') return undefined;
  const page = namedAddress(argumentOf(one, 'address'));
  const step = steps.findIndex((other, at) => {
    const same = namedAddress(argumentOf(other, 'address'));
    const fills = other.call.effect === 'fills' && page !== undefined && same?.base === page.base;
    const answered = outcomes[at]?.kind === outcomes[seenAt]?.kind && (times![at]?.returned ?? 0) > time.returned;
    return (
      fills && answered && same.index === page.index && same.offset === page.offset && overlapped(times![at], time)
    );
  });
  const clause = steps[step]?.call.clauses.find(({ promises }) => promises === 'maps');
  return clause && { step, clause };
}
