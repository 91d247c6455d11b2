import type { Violation } from '../../../reference/clauses/violation.ts';
import type { Trace } from '../../../reference/judge/judge.ts';
import type { Interval } from '../../../reference/notation/program.ts';
import { argumentOf, namedAddress, usedNames } from '../../programs/arguments.ts';
import type { Culprit } from '../finding.ts';

/** Steps that are to blame because they were under way while another call did its part. */

/** Whether two calls were under way at the same time. */
export const overlapped = (a: Interval | undefined, b: Interval | undefined): boolean =>
  a !== undefined && b !== undefined && a.called < b.returned && b.called < a.returned;

/**
 * The call that was unmapping the VMA of a page while a call for the whole object missed the page; undefined if there is
 * none. A call for an object finds VMAs in the list of the object: those that have left the list must be flushed already.
 */
export function endedMeanwhile({ program, times }: Trace, seenAt: number, missedAt: number): Culprit | undefined {
  const { steps } = program;
  const { call } = steps[missedAt];
  const page = namedAddress(argumentOf(steps[seenAt], 'address'));
  if (page?.base !== 'v' || call.effect !== 'empties' || !call.parameters.some(({ type }) => type === 'object'))
    return undefined;
  const step = steps.findLastIndex(
    (one, at) =>
      /^(ends|cuts)$/.test(one.call.effect) &&
      usedNames(one).includes(`v${page.index}`) &&
      overlapped(times?.[at], times?.[missedAt]),
  );
  const clause = steps[step]?.call.clauses.find(({ promises }) => promises === 'flushes');
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
