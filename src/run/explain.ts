import type { Program } from '../../reference/calls/valid.ts';
import type { Violation } from '../../reference/clauses/violation.ts';
import { CALLS } from '../../reference/contract.ts';
import type { Trace } from '../../reference/judge/judge.ts';
import { printHeader } from '../../reference/notation/document.ts';
import { grouped } from '../common/words.ts';
import { execute, failureOf, type Judged } from '../findings/execution.ts';
import { explain as explainSteps, printExplained, type Remarks, Trial } from '../findings/explain/index.ts';
import { keyOf } from '../findings/finding.ts';
import { checkFits, runSome } from '../findings/saved.ts';
import { callsOf } from '../programs/generate/options.ts';
import { type Agreement, headerFor } from '../targets/agreement.ts';
import type { OpenTarget } from '../targets/open.ts';
import { failureUnderAny, scheduled } from './campaign/scheduled.ts';
import { type TargetChoice, withTarget } from './target.ts';

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

/** When explaining ends, at the latest. */
export interface ExplainLimits {
  /** Variations of the program to run at most; 5000 by default. */
  readonly tries?: number;
  /** Ends it when it is aborted; what was found so far is the result. */
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
  /** For each step what was found out about it, each remark about one change at a time. */
  readonly remarks: readonly Remarks[];
  /** Variations that were run. */
  readonly tries: number;
  /** False where not everything was tried: it was aborted, or reached the limit. */
  readonly complete: boolean;
  /** All of this as a trace in the notation, with the remarks as comments. */
  readonly text: string;
}

/** The failures of programs; those of blocks under any schedule where the target takes schedules. */
async function failures(
  target: OpenTarget,
  agreement: Agreement,
  programs: readonly Program[],
  key: string,
): Promise<(string | undefined)[]> {
  if (!target.direct?.schedulable) return (await execute(target, programs, agreement.terms)).map(failureOf);
  const all = scheduled(target, agreement);
  return programs.map((program) => failureUnderAny(all, program, key));
}

function textOf({ trace, violation }: Judged, remarks: readonly Remarks[], trial: Trial, header: string): string {
  const { clause, step, allowed } = violation!;
  const comments = [
    `${clause.id}: ${clause.sentence}`,
    `step ${step + 1}: allowed ${allowed}`,
    `what matters, found by ${grouped(trial.tries)} variations; each remark is about one change at a time`,
    ...(trial.complete
      ? []
      : ['not everything was tried: it was interrupted, or ended after as many variations as --tries says']),
  ];
  const steps = printExplained(trace, remarks, trial.options.page, step);
  return `mmspec trace 1\n${comments.map((line) => `# ${line}\n`).join('')}${header}${steps}`;
}

/** Explains a program that has just failed. */
export async function explainFailure(
  failed: Judged,
  target: OpenTarget,
  agreement: Agreement,
  { tries = 5000, signal }: ExplainLimits = {},
): Promise<Explanation> {
  const { trace, violation } = failed;
  const { manifest } = target;
  const key = keyOf(trace, violation!);
  const trial = new Trial(trace.program, {
    traits: agreement.traits,
    page: manifest.page,
    key,
    run: (programs) => failures(target, agreement, programs, key),
    calls: callsOf(manifest, CALLS),
    cpus: manifest.cpus,
    frames: manifest.frames,
    tries,
    ...(signal ? { signal } : {}),
  });
  const remarks = await explainSteps(trial);
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
 * Finds out which steps, CPUs and arguments of a failing program matter, by trying variations: `mmspec explain` for
 * programs.
 * @returns undefined where the program holds.
 * @throws UsageError for an unknown target, profile or trait, or a program that is undefined there. TargetFailure
 * where the target fails outside a step.
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
  withTarget(
    options,
    async (target, agreement) => {
      checkFits('explain()', program, target, agreement);
      const run = await runSome(target, agreement, program);
      return run.violation && explainFailure(run, target, agreement, options);
    },
    { cpus: program.cpus },
  );
