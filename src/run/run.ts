import { Campaign } from './campaign/campaign.ts';
import type { Budget } from './campaign/options.ts';
import { makeReport, type Report } from './report/report.ts';
import { type TargetChoice, withTarget } from './target.ts';

/**
 * What `run` needs: a target. Everything else has a default.
 *
 * @example
 * ```ts
 * import type { RunOptions } from 'mmspec';
 *
 * const options: RunOptions = { target: 'embedded', seed: 7, budget: { milliseconds: 60_000 }, bail: true };
 * ```
 */
export interface RunOptions extends TargetChoice {
  /** The same seed and budget of steps or programs give the same run; 1 by default. */
  readonly seed?: number;
  /** When the run ends; 200,000 steps by default. */
  readonly budget?: Budget;
  /** CPUs that programs use; 3 by default, or fewer where the target has fewer. */
  readonly cpus?: number;
  /** Frames that programs use; 64 by default, or fewer where the target has fewer. */
  readonly frames?: number;
  /** Ends the run at the first violation; false by default. */
  readonly bail?: boolean;
  /** Ends the run when it is aborted; the report says so. */
  readonly signal?: AbortSignal;
}

/**
 * Runs random programs on a target, judges what it answers, and shrinks the programs that fail: `mmspec run` for
 * programs.
 * @throws UsageError for an unknown target, profile or trait. TargetFailure where the target failed outside a step.
 *
 * @example
 * ```ts
 * import { run } from 'mmspec';
 *
 * const report = await run({ target: 'mutant:zap-returns-zero', budget: { steps: 50_000 } });
 * console.log(report.findings.map(({ violation }) => violation.clause.id)); // [ 'ZAP-5' ]
 * ```
 */
export const run = (options: RunOptions): Promise<Report> =>
  withTarget(options, async (target, agreement) => {
    const { manifest } = target;
    const seed = options.seed ?? 1;
    const cpus = options.cpus ?? Math.min(3, manifest.cpus);
    const frames = options.frames ?? Math.min(64, manifest.frames);
    const result = await new Campaign({
      target,
      agreement,
      seed,
      cpus,
      frames,
      budget: options.budget ?? { steps: 200_000 },
      ...(options.bail ? { bail: true } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    }).run();
    return makeReport(target, agreement, { seed, cpus, frames }, result);
  });
