import type { Program } from '../../../reference/calls/valid.ts';
import { lanesOf } from '../../../reference/notation/program.ts';
import { failureOf, type Judged } from '../../findings/execution.ts';
import type { Finding } from '../../findings/finding.ts';
import { MAX_PREEMPTIONS, Sweeper } from '../../findings/schedules.ts';
import { settled } from '../../programs/certify/index.ts';
import { shrink, withoutAttributes } from '../../programs/shrink/index.ts';
import type { Agreement } from '../../targets/agreement.ts';
import { type Origin, shrunkFinding } from './new-finding.ts';

/** How to shrink a program on a target outside this process that runs schedules. */
export interface ScheduledOptions extends Origin {
  readonly agreement: Agreement;
  /** What shrinking needs besides a way to run programs. */
  readonly settings: { readonly traits: Agreement['traits']; readonly page: number; readonly milliseconds: number };
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

/**
 * Shrinks a program with lanes by running each candidate under every schedule with few preemptions: in a smaller program
 * the same moment has another number.
 * @returns undefined if the failure does not show under these schedules, or not on a freshly started target.
 */
export async function minimiseScheduled(judged: Judged, options: ScheduledOptions): Promise<Finding | undefined> {
  const { target, agreement, key, settings, onSeen, signal } = options;
  const { program } = judged.trace;
  const same = (run: Judged): boolean => sameFailure(run, judged);
  const sweepers = [1, 2].map((preemptions) => new Sweeper(target, agreement.terms, preemptions, same));
  const own = await firstThatFails(sweepers, program);
  if (!own) return undefined;
  onSeen(own.failed);
  const common = { ...settings, key, ...(signal ? { signal } : {}) };
  const shrunk = await shrink(withoutAttributes(program), {
    ...common,
    fails: (programs) => own.sweeper.failures(programs, key),
    onShrink: (one) => {
      const run = own.sweeper.failed(one);
      if (run) onSeen(run);
    },
  });
  const { step, left } = judged.violation!;
  const result = await settled(shrunk, {
    ...common,
    ...(left ? {} : { call: program.steps[step].call.name }),
    run: {
      fails: (programs) => sweepers[1].failures(programs, key),
      ...(coversAll(shrunk.program) ? { preemptions: MAX_PREEMPTIONS } : { uncovered: true }),
    },
    certificate: options.certificate,
  });
  const runs = sweepers.map((sweeper) => sweeper.failed(result.program));
  const smallest = runs.find((run) => run)?.trace.program ?? result.program;
  await target.fresh?.();
  const again = await options.rerun(smallest, same);
  const [shown] = again.failed;
  if (!shown) return undefined;
  const executions = sweepers.reduce((sum, sweeper) => sum + sweeper.executions, 0);
  const rate = { failed: again.failed.length, of: again.of };
  return shrunkFinding(judged, shown, { ...result, executions }, rate, options);
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
