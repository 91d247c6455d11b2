import type { Program } from '../../../reference/calls/valid.ts';
import { execute, failureOf, type Judged } from '../../findings/execution.ts';
import type { Finding } from '../../findings/finding.ts';
import { MAX_PREEMPTIONS, Sweeper } from '../../findings/schedules.ts';
import { settled } from '../../programs/certify/index.ts';
import { type Shrunk, shrink, withoutAttributes } from '../../programs/shrink/index.ts';
import type { Agreement } from '../../targets/agreement.ts';
import { type Origin, shrunkFinding } from './new-finding.ts';

/** How to shrink a program on a target outside this process that runs schedules. */
export interface ScheduledOptions extends Origin {
  readonly agreement: Agreement;
  /** What shrinking needs besides a way to run programs. */
  readonly settings: { readonly traits: Agreement['traits']; readonly page: number; readonly milliseconds: number };
  readonly certificate: { readonly programs: number; readonly milliseconds: number };
  readonly signal?: AbortSignal;
  /** Runs a program several times, and returns the runs that failed with the key. */
  readonly rerun: (program: Program) => Promise<{ failed: Judged[]; of: number }>;
  /** Called with a run that failed, for each smaller program. */
  readonly onSeen: (run: Judged) => void;
}

/** Runs candidates under every schedule; those without blocks run as they are. */
const failsUnder =
  (sweeper: Sweeper, { target, agreement, key }: ScheduledOptions) =>
  (programs: readonly Program[]): Promise<(string | undefined)[]> =>
    Promise.all(
      programs.map(async (program) => {
        if (program.blocks.length === 0) return failureOf((await execute(target, [program], agreement.terms))[0]);
        const { failed, other } = await sweeper.sweep(program);
        return failed ? key : other;
      }),
    );

/**
 * Shrinks a program with lanes by running each candidate under every schedule with few preemptions: in a smaller program
 * the same moment has another number.
 * @returns undefined if the failure does not show under these schedules, or not on a freshly started target.
 */
export async function minimiseScheduled(judged: Judged, options: ScheduledOptions): Promise<Finding | undefined> {
  const { target, agreement, key, settings, onSeen, signal } = options;
  const { program } = judged.trace;
  const sweepers = Array.from({ length: MAX_PREEMPTIONS }, (_, i) => new Sweeper(target, agreement.terms, key, i + 1));
  const failedUnder = (one: Program): Judged | undefined =>
    sweepers.map((sweeper) => sweeper.failed(one)).find((run) => run !== undefined);
  let executions = 0;
  for (const sweeper of sweepers) {
    const first = await sweeper.sweep(program);
    executions += first.executions;
    if (!first.failed) continue;
    onSeen(first.failed);
    const shrunk: Shrunk = await shrink(withoutAttributes(program), {
      ...settings,
      key,
      ...(signal ? { signal } : {}),
      fails: failsUnder(sweeper, options),
      onShrink: (one) => {
        const run = sweeper.failed(one);
        if (run) onSeen(run);
      },
    });
    const result = await settled(shrunk, {
      ...settings,
      key,
      call: judged.trace.program.steps[judged.violation!.step].call.name,
      run: { fails: failsUnder(sweepers[MAX_PREEMPTIONS - 1], options), preemptions: MAX_PREEMPTIONS },
      certificate: options.certificate,
      ...(signal ? { signal } : {}),
    });
    executions += sweepers.reduce((sum, one) => sum + one.executions, 0);
    const smallest = failedUnder(result.program)?.trace.program ?? result.program;
    await target.fresh?.();
    const again = await options.rerun(smallest);
    const [shown] = again.failed;
    if (!shown) return undefined;
    const rate = { failed: again.failed.length, of: again.of };
    return shrunkFinding(judged, shown, { ...result, executions }, rate, options);
  }
  return undefined;
}
