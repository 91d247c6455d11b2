import type { Program } from '../../reference/calls/valid.ts';
import type { Terms } from '../../reference/judge/judge.ts';
import type { OpenTarget } from '../targets/open.ts';
import { type Judged, sample, triesOf } from './execution.ts';
import { canSweep, isScheduled, MAX_PREEMPTIONS, Sweeper } from './schedules.ts';

/** Runs of a program with a schedule, on a target that runs it in the same way each time. */
const SCHEDULED_TRIES = 10;

/** Runs after which a program counts as holding; in this process every run is the same. */
export const usualTries = (target: OpenTarget, program: Program): number => {
  if (target.direct) return 1;
  return canSweep(target) && isScheduled(program) ? SCHEDULED_TRIES : triesOf(program);
};

/**
 * A program whose schedule no longer shows a failure: runs it under all schedules with few preemptions. A schedule
 * counts places in the kernel's code, so it holds for one build only.
 * @param wanted whether a run, which fails, fails in the wanted way.
 * @returns the run that fails, with its own schedule; undefined if none exists, or the target has no schedules.
 */
export async function failureUnderOtherSchedules(
  target: OpenTarget,
  program: Program,
  terms: Terms,
  wanted?: (run: Judged) => boolean,
): Promise<Judged | undefined> {
  if (!canSweep(target) || !isScheduled(program)) return undefined;
  const [{ failed }] = await new Sweeper(target, terms, MAX_PREEMPTIONS, wanted).sweep([program]);
  return failed;
}

/**
 * Runs a program until it fails, at most `most` times, and then under other schedules if it has one. Returns the run that
 * failed, or else the first.
 */
export async function runUntilFailure(
  target: OpenTarget,
  program: Program,
  terms: Terms,
  most = usualTries(target, program),
): Promise<Judged> {
  let first: Judged | undefined;
  const failing = (run: Judged): boolean => {
    first ??= run;
    return run.violation !== undefined;
  };
  const { failed } = await sample(program, { target, terms, most, enough: 1, failing });
  return failed[0] ?? (await failureUnderOtherSchedules(target, program, terms)) ?? first!;
}
