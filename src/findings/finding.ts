import type { Program } from '../../reference/calls/valid.ts';
import type { Clause } from '../../reference/clauses/clause.ts';
import { type Violation, violationKey } from '../../reference/clauses/violation.ts';
import type { Trace } from '../../reference/judge/judge.ts';
import type { Certificate } from '../programs/certify/certificate.ts';

/**
 * What a flush of the address on that CPU shows about a wrong access. `stale`: it helps, so that the page table is right.
 * If it does not help, the page table is wrong: it has the frame (`mapped`), or it has nothing (`unmapped`).
 */
export type Diagnosis = 'stale' | 'mapped' | 'unmapped';

/** The step to blame for a violation: the state is wrong after it. */
export interface Culprit {
  /** The index of the step in the shrunk program. */
  readonly step: number;
  /** The clause that this step broke: mostly that of the violation. */
  readonly clause: Clause;
}

/** Where a function is defined. */
export interface Definition {
  readonly function: string;
  /** File and line: `mm/vmalloc.c:2884`. */
  readonly place: string;
}

/** Another way in which the same fault showed. */
export interface Symptom {
  readonly key: string;
  readonly violation: Violation;
  readonly trace: Trace;
}

/**
 * One way in which a target breaks the contract, with the shortest program found that shows it.
 *
 * @example
 * ```ts
 * import { type Finding, printTraceSteps, run } from 'mmspec';
 *
 * const { findings } = await run({ target: 'mutant:zap-returns-zero', bail: true });
 * const describe = ({ violation, trace, rate }: Finding) =>
 *   `${violation.clause.id}, ${rate.failed} of ${rate.of} runs:\n${printTraceSteps(trace)}`;
 * console.log(findings.map(describe).join('\n')); // ZAP-5, 1 of 1 runs:...
 * ```
 */
export interface Finding {
  /** Identifies the failure: clause, call and kind of outcome, `ALIAS-1 read frame`. */
  readonly key: string;
  readonly violation: Violation;
  /** The shrunk program with the outcomes that the target gave. */
  readonly trace: Trace;
  /** Steps of the program before shrinking. */
  readonly originalSteps: number;
  /** How many programs and steps had run when it was found; 0 for a saved program. */
  readonly afterPrograms: number;
  readonly afterSteps: number;
  /** Programs executed to shrink it. */
  readonly executions: number;
  /** How often the shrunk program failed, and how often it ran. `failed` is 0 when the failure could not be repeated. */
  readonly rate: { readonly failed: number; readonly of: number };
  /** Programs that must run before it on a fresh target, or it does not fail; undefined when it fails alone. */
  readonly before?: readonly Program[];
  /** How many further programs of the run failed with the same key. */
  again: number;
  /** The step to blame; undefined in reports of version 0.1. */
  readonly culprit?: Culprit;
  /** Other ways in which the same fault showed in the run, one for each key. */
  symptoms?: readonly Symptom[];
  /** The key of the finding of the base branch that shows the same fault; only after a comparison with its report. */
  readonly inBase?: string;
  /** The path of the saved counterexample, once it is saved. */
  file?: string;
  /** Undefined if the failure is no wrong translation, or if the target cannot tell. */
  readonly diagnosis?: Diagnosis;
  /** Where the sources of the target define the functions that matter; undefined if the target cannot tell. */
  readonly code?: readonly Definition[];
  /** Whether every shorter program was tried. */
  readonly certificate?: Certificate;
}

/** True when the violation was seen again when its program was run again: only then does it count. */
export const confirmed = ({ rate }: Finding): boolean => rate.failed > 0;

/** True when there was no time to run the program of the violation again: nothing is known about it but one run. */
export const unchecked = ({ rate }: Finding): boolean => rate.of === 0;

/** The clause that a report quotes first: the one that the culprit broke. */
export const quotedClause = ({ culprit, violation }: Finding): Clause => culprit?.clause ?? violation.clause;

/** Whether a finding, or one of its symptoms, breaks the clause. */
export const shows = (finding: Finding, clause: Clause): boolean =>
  quotedClause(finding) === clause ||
  finding.violation.clause === clause ||
  (finding.symptoms ?? []).some(({ violation }) => violation.clause === clause);

/** The key of a violation in a trace. */
export const keyOf = (trace: Trace, violation: Violation): string =>
  violationKey(violation, trace.program.steps[violation.step].call.name);

/** A finding about which nothing is known but a failed run: not shrunk, not certified. */
export const plainFinding = (trace: Trace, violation: Violation, rate: Finding['rate']): Finding => ({
  key: keyOf(trace, violation),
  violation,
  trace,
  originalSteps: trace.program.steps.length,
  afterPrograms: 0,
  afterSteps: 0,
  executions: 0,
  rate,
  again: 0,
});
