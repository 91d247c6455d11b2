import type { Program } from '../../../reference/calls/valid.ts';
import { Tally } from '../../../reference/clauses/tally.ts';
import { executeDirect, failureOf, judged } from '../../findings/execution.ts';
import type { Schedules } from '../../programs/shrink/index.ts';
import type { Agreement } from '../../targets/agreement.ts';
import type { OpenTarget } from '../../targets/open.ts';
import { schedulable, schedules } from '../explore/schedules.ts';

/**
 * Runs a program as it is, then under every schedule of its blocks with at most `bound` preemptions; yields what each
 * run shows.
 */
export function scheduled(target: OpenTarget, { terms }: Agreement): Schedules {
  const uncounted = new Tally();
  return function* (program, bound) {
    yield { program, verdict: failureOf(executeDirect(target, program, terms, uncounted)) };
    for (const trace of schedules(schedulable(target), program, bound))
      yield { program: trace.program, verdict: failureOf(judged(trace, terms, uncounted)) };
  };
}

/** Maximum preemptions of the schedules to try, and how many schedules to try for each. */
const PREEMPTION_BOUNDS = [1, 2];
const MAX_SCHEDULES = 500;

/** `key` if the program fails with it under some schedule; else the failure of the program as it is. */
export function failureUnderAny(all: Schedules, program: Program, key: string): string | undefined {
  let own: string | undefined;
  for (const bound of PREEMPTION_BOUNDS) {
    let count = 0;
    for (const { verdict } of all(program, bound)) {
      if (verdict === key) return key;
      if (count++ === 0) own = verdict;
      if (count > MAX_SCHEDULES) break;
    }
  }
  return own;
}
