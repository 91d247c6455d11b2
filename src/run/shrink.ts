import type { Program } from '../../reference/calls/valid.ts';
import type { Judged } from '../findings/execution.ts';
import { type Finding, keyOf } from '../findings/finding.ts';
import { checkFits, runSome } from '../findings/saved.ts';
import type { Agreement } from '../targets/agreement.ts';
import type { OpenTarget } from '../targets/open.ts';
import { minimise } from './campaign/minimise.ts';
import { type TargetChoice, withTarget } from './target.ts';

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

/** When shrinking ends, at the latest. */
export interface ShrinkLimits {
  /** Time that shrinking may take, in ms; 60,000 by default. */
  readonly milliseconds?: number;
  /** Ends shrinking when it is aborted; the smallest program so far is the result. */
  readonly signal?: AbortSignal;
}

/** Programs to try at most to certify that no shorter one fails; in this process this takes some minutes. */
const CERTIFICATE_PROGRAMS = 500_000;

/** Shrinks a program that has just failed. */
export const shrinkFailure = (
  failed: Judged,
  target: OpenTarget,
  agreement: Agreement,
  { milliseconds = 60_000, signal }: ShrinkLimits = {},
): Promise<Finding> =>
  minimise(failed, {
    target,
    agreement,
    key: keyOf(failed.trace, failed.violation!),
    after: { programs: 0, steps: 0 },
    milliseconds,
    certify: CERTIFICATE_PROGRAMS,
    ...(signal ? { signal } : {}),
  });

/**
 * Shrinks a failing program to the shortest one found that fails in the same way: `mmspec shrink` for programs. Then
 * it tries all shorter programs over the same calls and arguments; `certificate` of the result says whether one of
 * them fails.
 * @returns the shrunk program as the target executed it, with what it breaks; undefined where the program holds.
 * @throws UsageError for an unknown target, profile or trait, or a program that is undefined there. TargetFailure
 * where the target fails outside a step.
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
  withTarget(
    options,
    async (target, agreement) => {
      checkFits('shrink()', program, target, agreement);
      const run = await runSome(target, agreement, program);
      return run.violation && shrinkFailure(run, target, agreement, options);
    },
    { cpus: program.cpus },
  );
