import type { Program } from '../../reference/calls/valid.ts';
import { type Violation, violationKey } from '../../reference/clauses/violation.ts';
import type { Trace } from '../../reference/judge/judge.ts';
import type { Certificate } from '../programs/certify/certificate.ts';

/**
 * A way in which a target breaks the contract, with the shortest program found that shows it.
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
  /** Clause, call and kind of outcome. */
  readonly key: string;
  readonly violation: Violation;
  /** The shrunk program as the target executed it. */
  readonly trace: Trace;
  /** Steps of the program that showed it first. */
  readonly originalSteps: number;
  /** After how many programs and steps it was found; 0 for a saved program. */
  readonly afterPrograms: number;
  readonly afterSteps: number;
  /** Programs executed to shrink it. */
  readonly executions: number;
  /** How often it failed, of how many tries. */
  readonly rate: { readonly failed: number; readonly of: number };
  /** Programs that must have run before it on a fresh target for it to fail; missing where none must. */
  readonly before?: readonly Program[];
  /** Seen again in further programs this often. */
  again: number;
  /** Where it is saved. */
  file?: string;
  /** What a flush of the one address on the one CPU changed: a stale translation, or a wrong page table. */
  readonly diagnosis?: 'stale' | 'mapped';
  /** Whether it is the shortest. */
  readonly certificate?: Certificate;
}

/** It failed again when it was run again: only then it counts. */
export const confirmed = ({ rate }: Finding): boolean => rate.failed > 0;

/** The key of a violation of a trace. */
export const keyOf = (trace: Trace, violation: Violation): string =>
  violationKey(violation, trace.program.steps[violation.step].call.name);
