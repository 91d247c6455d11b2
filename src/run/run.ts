import { Campaign } from './campaign/campaign.ts';
import type { Budget, Jobs } from './campaign/options.ts';
import { type TargetChoice, withPlan } from './plan.ts';
import { makeReport, type Report } from './report/report.ts';

/**
 * What `run` tests, and for how long. Only the target is required.
 *
 * @example
 * ```ts
 * import type { RunOptions } from 'mmspec';
 *
 * const options: RunOptions = { target: 'embedded', seed: 7, budget: { milliseconds: 60_000 }, bail: true };
 * ```
 */
export interface RunOptions extends TargetChoice {
  /** The same seed runs the same programs; 1 by default. */
  readonly seed?: number;
  /** When the run ends; after 200,000 judged steps by default. */
  readonly budget?: Budget;
  /** CPUs that programs use; 3 by default, or as many as the target has. */
  readonly cpus?: number;
  /** Frames of the pool that programs use; 64 by default, or as many as the target has. */
  readonly frames?: number;
  /**
   * How many threads run random programs side by side; the findings and counts do not depend on it. `auto`, the default:
   * as many as the machine has CPUs, unless the run is short or the target is one of your process, an adapter
   * (`exec:`) or a virtual machine.
   */
  readonly jobs?: Jobs;
  /** Stop at the first confirmed violation; false by default. */
  readonly bail?: boolean;
  /** Ends the run early when it is aborted; the report is then `interrupted`. */
  readonly signal?: AbortSignal;
}

/**
 * Runs random programs on a target, judges them, and shrinks those that fail: `mmspec run` as a function. Nothing is
 * saved or printed.
 * @returns what was found, and how often each clause was exercised.
 * @throws UsageError for an unknown target, profile or trait, or for more CPUs or frames than the target has.
 * TargetFailure when the target fails outside a step.
 *
 * @example
 * ```ts
 * import { run } from 'mmspec';
 *
 * const report = await run({ target: 'mutant:zap-returns-zero', budget: { steps: 50_000 } });
 * console.log(report.findings.map(({ violation }) => violation.clause.id)); // [ 'ZAP-5' ]
 * ```
 */
export function run({ target, bail, signal, ...options }: RunOptions): Promise<Report> {
  return withPlan(target, options, async (plan) => {
    const campaign = new Campaign({ ...plan, ...(bail ? { bail } : {}), ...(signal ? { signal } : {}) });
    return makeReport(plan, await campaign.run());
  });
}
