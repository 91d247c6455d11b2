import type { Program } from '../../../reference/calls/valid.ts';
import { WARNING } from '../../../reference/clauses/common.ts';
import { lanesOf } from '../../../reference/notation/program.ts';
import { execute, failureOf, type Judged } from '../../findings/execution.ts';
import type { Finding } from '../../findings/finding.ts';
import { MAX_PREEMPTIONS, Sweeper } from '../../findings/schedules.ts';
import { settled } from '../../programs/certify/index.ts';
import { type Shrunk, shrink, withoutAttributes } from '../../programs/shrink/index.ts';
import type { Agreement } from '../../targets/agreement.ts';
import { blame, symptomsOf } from './blame.ts';
import { type Origin, shrunkFinding } from './new-finding.ts';

/** How to shrink a program on a target outside this process that runs schedules. */
export interface ScheduledOptions extends Origin {
  readonly agreement: Agreement;
  /** What shrinking needs besides a way to run programs. */
  readonly settings: {
    readonly traits: Agreement['traits'];
    readonly page: number;
    readonly milliseconds: number;
    readonly onShrink?: (program: Program) => void;
  };
  readonly certificate: { readonly programs: number; readonly milliseconds: number };
  readonly signal?: AbortSignal;
  /** Runs a program several times, and returns the runs that failed in the same way. */
  readonly rerun: (program: Program, same: (run: Judged) => boolean) => Promise<{ failed: Judged[]; of: number }>;
  /** Called with a run that failed, for each smaller program. */
  readonly onSeen: (run: Judged) => void;
}

/** Whether two runs fail in the same way. What is left over after a program has nothing to do with its last call. */
const sameFailure = (one: Judged, other: Judged): boolean =>
  one.violation?.left || other.violation?.left
    ? one.violation?.clause === other.violation?.clause
    : failureOf(one) === failureOf(other);

interface Counted extends ScheduledOptions {
  /** Every sweeper of this search: they count the runs. */
  readonly used: Sweeper[];
}

/** A shrunk program, a run of it that failed, and the sweepers that ran its candidates: with up to 1 and 2 preemptions. */
interface Small {
  readonly shrunk: Shrunk;
  readonly failed: Judged;
  readonly sweepers: readonly Sweeper[];
}

/** Shrinks the program of a run that failed: runs each candidate under every schedule with few preemptions. */
async function shrinkUnderSchedules(judged: Judged, options: Counted): Promise<Small | undefined> {
  const { target, agreement, settings, onSeen, signal } = options;
  const { program } = judged.trace;
  const key = failureOf(judged)!;
  const same = (run: Judged): boolean => sameFailure(run, judged);
  const sweepers = [1, 2].map((preemptions) => new Sweeper(target, agreement.terms, preemptions, same));
  options.used.push(...sweepers);
  const apart = program.blocks.length === 0;
  const own = apart ? { sweeper: sweepers[0], failed: judged } : await firstThatFails(sweepers, program);
  if (!own) return undefined;
  onSeen(own.failed);
  const shrunk = await shrink(withoutAttributes(program), {
    ...settings,
    key,
    ...(signal ? { signal } : {}),
    fails: (programs) => own.sweeper.failures(programs, key),
    onShrink: (one) => {
      settings.onShrink?.(one);
      const run = own.sweeper.failed(one);
      if (run) onSeen(run);
    },
  });
  const failed = apart
    ? (await execute(target, [shrunk.program], agreement.terms))[0]
    : (own.sweeper.failed(shrunk.program) ?? own.failed);
  return { shrunk, failed, sweepers };
}

/**
 * Looks for a program that shows the culprit. A run that failed has a schedule by which it fails every time, so that
 * observations in between say the same each time.
 */
async function blameUnderSchedules(first: Small, options: Counted): Promise<Small> {
  // Another call that warns later, in an observed run, says less than the overlap.
  if (first.failed.violation!.clause === WARNING) return first;
  let current = first;
  await blame(first.failed, options, async (found) => {
    const small = await shrinkUnderSchedules(found, options);
    if (!small?.failed.violation) return found;
    current = small;
    return small.failed;
  });
  return current;
}

/**
 * Shrinks a program with lanes by running each candidate under every schedule with few preemptions: in a smaller program
 * the same moment has another number. Then looks for the culprit.
 * @returns undefined if the failure does not show under these schedules, or not on a freshly started target.
 */
export async function minimiseScheduled(judged: Judged, options: ScheduledOptions): Promise<Finding | undefined> {
  const { target, settings, signal } = options;
  const until = performance.now() + settings.milliseconds;
  const counted = { ...options, used: [] as Sweeper[] };
  const first = await shrinkUnderSchedules(judged, counted);
  if (!first) return undefined;
  const { shrunk, failed, sweepers } = performance.now() < until ? await blameUnderSchedules(first, counted) : first;
  const key = failureOf(failed)!;
  const { step, left } = failed.violation!;
  const result = await settled(shrunk, {
    ...settings,
    key,
    ...(signal ? { signal } : {}),
    ...(left ? {} : { call: failed.trace.program.steps[step].call.name }),
    run: {
      fails: (programs) => sweepers[1].failures(programs, key),
      ...(coversAll(shrunk.program) ? { preemptions: MAX_PREEMPTIONS } : { uncovered: true }),
    },
    certificate: options.certificate,
  });
  const runs = sweepers.map((sweeper) => sweeper.failed(result.program));
  const smallest = runs.find((run) => run)?.trace.program ?? result.program;
  await target.fresh?.();
  const again = await options.rerun(smallest, (run) => sameFailure(run, failed));
  const [shown] = again.failed;
  if (!shown) return undefined;
  const executions = counted.used.reduce((sum, sweeper) => sum + sweeper.executions, 0);
  const rate = { failed: again.failed.length, of: again.of };
  return shrunkFinding(judged, shown, { ...result, executions }, rate, options, symptomsOf(first.failed, key));
}

/** Whether sweeps cover all schedules: with more than two lanes, they do not try each order in which lanes end. */
const coversAll = ({ steps, blocks }: Program): boolean => blocks.every((block) => lanesOf(steps, block).length <= 2);

/** The first sweeper, that with the fewest preemptions, under which a program fails; and the run that failed. */
async function firstThatFails(
  sweepers: readonly Sweeper[],
  program: Program,
): Promise<{ readonly sweeper: Sweeper; readonly failed: Judged } | undefined> {
  for (const sweeper of sweepers) {
    const [{ failed }] = await sweeper.sweep([program]);
    if (failed) return { sweeper, failed };
  }
  return undefined;
}
