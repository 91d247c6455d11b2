import type { Program } from '../../../reference/calls/valid.ts';
import { Tally } from '../../../reference/clauses/tally.ts';
import { executeDirect, failureOf, judged } from '../../findings/execution.ts';
import type { Schedules } from '../../programs/shrink/index.ts';
import type { Agreement } from '../../targets/agreement.ts';
import type { OpenTarget } from '../../targets/open.ts';
import { schedulable, schedules } from '../explore/schedules.ts';

const scratch = new Tally();

/** A program as it stands, then under every schedule of its blocks up to a number of preemptions, with what it does. */
export const scheduled = (target: OpenTarget, { terms }: Agreement): Schedules =>
  function* (program, bound) {
    yield { program, verdict: failureOf(executeDirect(target, program, terms, scratch)) };
    for (const trace of schedules(schedulable(target), program, bound))
      yield { program: trace.program, verdict: failureOf(judged(trace, terms, scratch)) };
  };

/** Preemptions to allow, and schedules to try with so many. */
const BOUNDS = [1, 2];
const MOST = 500;

/** The failure of a program with blocks that is looked for, if it shows under some schedule; else that of the program as it stands. */
export function failureUnderAny(all: Schedules, program: Program, key: string): string | undefined {
  let own: string | undefined;
  for (const bound of BOUNDS) {
    let count = 0;
    for (const { verdict } of all(program, bound)) {
      if (verdict === key) return key;
      if (count++ === 0) own = verdict;
      if (count > MOST) break;
    }
  }
  return own;
}
