import type { Program } from '../../reference/calls/valid.ts';
import { stopSignal } from '../common/stopped.ts';
import type { Judged } from '../findings/execution.ts';
import { type Finding, keyOf } from '../findings/finding.ts';
import { checkFits } from '../findings/fits.ts';
import { runUntilFailure } from '../findings/until-failure.ts';
import { limited } from '../targets/limited.ts';
import { minimise } from './campaign/minimise.ts';
import { type Plan, type TargetChoice, withPlan } from './plan.ts';

/**
 * What `shrink` needs besides a program.
 *
 * @example
 * ```ts
 * import type { ShrinkOptions } from 'mmspec';
 *
 * const options: ShrinkOptions = { target: 'mutant:zap-misses-last-page', milliseconds: 10_000 };
 * ```
 */
export interface ShrinkOptions extends TargetChoice, ShrinkLimits {}

/** Limits of shrinking. */
interface ShrinkLimits {
  /** Time limit in milliseconds; 60,000 by default. */
  readonly milliseconds?: number | undefined;
  /** Ends shrinking when it is aborted; the result is then the smallest program so far. */
  readonly signal?: AbortSignal;
}

/** How many shorter programs to try for the certificate by default: a few minutes in this process. */
const CERTIFICATE_PROGRAMS = 500_000;
/** Default time limit. */
const SHRINK_MS = 60_000;
/** How long after the time limit an answer may still come. */
const GRACE_MS = 1000;

/** Shrinks a program that has just failed. `certify`: how many shorter programs to try for the certificate. */
export const shrinkFailure = (
  failed: Judged,
  { target, agreement }: Pick<Plan, 'target' | 'agreement'>,
  {
    milliseconds = SHRINK_MS,
    signal,
    certify = CERTIFICATE_PROGRAMS,
  }: ShrinkLimits & { readonly certify?: number | undefined } = {},
): Promise<Finding> =>
  minimise(failed, {
    target: limited(target, stopSignal(milliseconds + GRACE_MS, signal)),
    agreement,
    key: keyOf(failed.trace, failed.violation!),
    after: { programs: 0, steps: 0 },
    milliseconds,
    certify,
    ...(signal ? { signal } : {}),
  });

/**
 * Shrinks a failing program to the shortest one found that fails in the same way: `mmspec shrink` as a function. Then
 * it tries all shorter programs over the same calls and arguments; the `certificate` of the result says whether one of
 * them fails.
 * @returns the shrunk program as the target executed it, with what it breaks; undefined when the program holds.
 * @throws UsageError for an unknown target, profile or trait, or a program that the target cannot run. TargetFailure
 * when the target fails outside a step.
 *
 * @example
 * ```ts
 * import { parse, printTraceSteps, shrink } from 'mmspec';
 *
 * const { program } = parse(`mmspec program 1
 * @0 a0 = vmap f3
 * @0 a1 = vmap f4 f5
 * @1 read a1+0x1000
 * @0 vunmap a1
 * @0 vm_unmap_aliases
 * @1 read a1+0x1000
 * `).entries[0].trace;
 * const finding = await shrink(program, { target: 'mutant:purge-skips-last-cpu' });
 * if (finding) console.log(printTraceSteps(finding.trace));
 * ```
 */
export const shrink = (program: Program, options: ShrinkOptions): Promise<Finding | undefined> =>
  withPlan(options.target, { ...options, programs: [program] }, async (plan) => {
    checkFits('shrink()', program, plan.target, plan.agreement);
    const run = await runUntilFailure(plan.target, program, plan.agreement.terms);
    return run.violation && shrinkFailure(run, plan, options);
  });
