import type { Program } from '../../reference/calls/valid.ts';
import type { Violation } from '../../reference/clauses/violation.ts';
import { CALLS } from '../../reference/contract.ts';
import type { Trace } from '../../reference/judge/judge.ts';
import { printHeader } from '../../reference/notation/header.ts';
import { grouped } from '../common/words.ts';
import { execute, failureOf, type Judged } from '../findings/execution.ts';
import { findRemarks, printRemarks, type Remarks, Trial } from '../findings/explain/index.ts';
import { keyOf } from '../findings/finding.ts';
import { checkFits } from '../findings/fits.ts';
import { canSweep, MAX_PREEMPTIONS, Sweeper } from '../findings/schedules.ts';
import { runUntilFailure } from '../findings/until-failure.ts';
import { callsOf } from '../programs/generate/options.ts';
import { headerFor } from '../targets/agreement.ts';
import { stopsText } from '../targets/course.ts';
import { failureUnderAny, scheduled } from './campaign/scheduled.ts';
import { type Plan, type TargetChoice, withPlan } from './plan.ts';

/**
 * What `explain` needs besides a program.
 *
 * @example
 * ```ts
 * import type { ExplainOptions } from 'mmspec';
 *
 * const options: ExplainOptions = { target: 'mutant:zap-misses-last-page', tries: 1000 };
 * ```
 */
export interface ExplainOptions extends TargetChoice, ExplainLimits {}

/** Limits of explaining. */
interface ExplainLimits {
  /** Maximum number of variations to run; 5000 by default. */
  readonly tries?: number | undefined;
  /** Ends it when it is aborted; the result is then what was found so far. */
  readonly signal?: AbortSignal;
}

/**
 * Which steps and arguments of a failing program matter: the result of `explain`.
 *
 * @example
 * ```ts
 * import { type Explanation, explain, parse } from 'mmspec';
 *
 * const text = 'mmspec program 1\n@0 v0 = mmap o0 1 plain shared\n@0 zap_vma_ptes v0 v0 0x1000\n';
 * const { program } = parse(text).entries[0].trace;
 * const explanation: Explanation | undefined = await explain(program, { target: 'mutant:zap-returns-zero' });
 * for (const remark of explanation?.remarks[1] ?? []) console.log(remark);
 * ```
 */
export interface Explanation {
  /** The program as the target executed it. */
  readonly trace: Trace;
  readonly violation: Violation;
  /** For each step what matters about it; each remark is about one change at a time. */
  readonly remarks: readonly Remarks[];
  /** Variations that were run. */
  readonly tries: number;
  /** False when not every variation was tried: it was aborted, or reached the limit. */
  readonly complete: boolean;
  /** All of this as a trace in the notation, with the remarks as comments. */
  readonly text: string;
}

/** Default limit of variations. */
const VARIATIONS = 5000;

/**
 * The failure of each program. Where the target can choose how lanes interleave, a program fails if it does under any
 * schedule: a variation needs another one than the counterexample.
 */
async function failures(
  programs: readonly Program[],
  key: string,
  { target, agreement }: Pick<Plan, 'target' | 'agreement'>,
): Promise<(string | undefined)[]> {
  if (canSweep(target)) {
    const sweeper = new Sweeper(target, agreement.terms, MAX_PREEMPTIONS, (run) => failureOf(run) === key);
    return sweeper.failures(programs, key);
  }
  if (!target.direct?.schedulable) return (await execute(target, programs, agreement.terms)).map(failureOf);
  const all = scheduled(target, agreement);
  return programs.map((program) => failureUnderAny(all, program, key));
}

function textOf({ trace, violation }: Judged, remarks: readonly Remarks[], trial: Trial, header: string): string {
  const { clause, step, allowed } = violation!;
  const stops = stopsText(trace.program);
  const comments = [
    `${clause.id}: ${clause.sentence}`,
    `step ${step + 1}: allowed ${allowed}`,
    `what matters, found by running ${grouped(trial.tries)} variations; each remark is about one change at a time`,
    ...(stops === '' ? [] : [`schedule: ${stops}`]),
    ...(trial.complete ? [] : ['not every variation was tried: raise --tries, or let it run to its end']),
  ];
  const steps = printRemarks(trace, remarks, trial.options.page, step);
  return `mmspec trace 1\n${comments.map((line) => `# ${line}\n`).join('')}${header}${steps}`;
}

/** Finds out which steps, CPUs and arguments of a program that has just failed matter, by running variations of it. */
export async function explainFailure(
  failed: Judged,
  { target, agreement }: Pick<Plan, 'target' | 'agreement'>,
  { tries = VARIATIONS, signal }: ExplainLimits = {},
): Promise<Explanation> {
  const { trace, violation } = failed;
  const { manifest } = target;
  const key = keyOf(trace, violation!);
  const trial = new Trial(trace.program, {
    traits: agreement.traits,
    page: manifest.page,
    key,
    run: (programs) => failures(programs, key, { target, agreement }),
    calls: callsOf(manifest, CALLS),
    cpus: manifest.cpus,
    frames: manifest.frames,
    tries,
    ...(signal ? { signal } : {}),
  });
  const remarks = await findRemarks(trial);
  const header = printHeader(headerFor(manifest, agreement, trace.program));
  return {
    trace,
    violation: violation!,
    remarks,
    tries: trial.tries,
    complete: trial.complete,
    text: textOf(failed, remarks, trial, header),
  };
}

/**
 * Finds out which steps, CPUs and arguments of a failing program matter, by running variations of it: `mmspec explain`
 * as a function.
 * @returns undefined when the program holds.
 * @throws UsageError for an unknown target, profile or trait, or a program that the target cannot run. TargetFailure
 * when the target fails outside a step.
 *
 * @example
 * ```ts
 * import { explain, parse } from 'mmspec';
 *
 * const { program } = parse(`mmspec program 1
 * @0 v0 = mmap o0 2 pfnmap shared remap=f0
 * @0 zap_vma_ptes v0 v0 0x2000
 * @0 read v0+0x1000
 * `).entries[0].trace;
 * const explanation = await explain(program, { target: 'mutant:zap-misses-last-page' });
 * console.log(explanation?.text);
 * ```
 */
export const explain = (program: Program, options: ExplainOptions): Promise<Explanation | undefined> =>
  withPlan(options.target, { ...options, programs: [program] }, async (plan) => {
    checkFits('explain()', program, plan.target, plan.agreement);
    const run = await runUntilFailure(plan.target, program, plan.agreement.terms);
    return run.violation && explainFailure(run, plan, options);
  });
