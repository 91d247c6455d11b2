// biome-ignore-all assist/source/organizeImports: grouped by what they are for
/**
 * mmspec: a property-based conformance kit for Linux's vmap and page-frame mapping calls.
 *
 * @packageDocumentation
 *
 * @example
 * ```ts
 * import { printTraceSteps, run } from 'mmspec';
 *
 * const { findings } = await run({ target: 'mutant:zap-misses-last-page', bail: true });
 * for (const { violation, trace } of findings) {
 *   console.log(violation.clause.id); // ZAP-1
 *   console.log(printTraceSteps(trace));
 * }
 * ```
 */

// Test a target: draw random programs, judge what it answers, shrink what fails.
export type { Finding } from './findings/finding.ts';
export type { Budget, Jobs } from './run/campaign/options.ts';
export { type ExplainOptions, type Explanation, explain } from './run/explain.ts';
export { type RunOptions, run } from './run/run.ts';
export { type ShrinkOptions, shrink } from './run/shrink.ts';
export type { TargetChoice } from './run/plan.ts';

// Draw programs for properties of your own, with fast-check.
export { type ProgramsOptions, type ProgramsTarget, programs } from './programs/arbitrary.ts';

// Report what a run found.
export { formatReport, type ReportKind } from './output/report/reporters.ts';
export type { CallCoverage } from './run/report/calls.ts';
export type { Coverage } from './run/report/coverage.ts';
export { type Base, compareWithBase } from './run/base.ts';
export { exitCode } from './run/report/exit-code.ts';
export type { Report } from './run/report/report.ts';

export { type Untested, untested } from './run/report/untested.ts';

// Judge traces.
export type { Violation } from '../reference/clauses/violation.ts';
export { Tally } from '../reference/clauses/tally.ts';
export { judge, type Terms, type Trace } from '../reference/judge/judge.ts';
export { type Agreement, agree } from './targets/agreement.ts';

// Read and write programs and traces.
export type { Step } from '../reference/calls/call.ts';
export { findInvalid, type Program } from '../reference/calls/valid.ts';
export { parse } from '../reference/contract.ts';
export { Known } from '../reference/model/known.ts';
export { type Address, HOLE, inArea, inObject, inVma, NULL } from '../reference/notation/address.ts';
export { type Document, print } from '../reference/notation/document.ts';
export type { Header, Window } from '../reference/notation/header.ts';
export { areaFrame, vmaFrame } from '../reference/notation/frame.ts';
export type { Outcome, OutcomeKind } from '../reference/notation/outcome.ts';
/**
 * Makes the outcomes of steps: what a target answers.
 *
 * @example
 * ```ts
 * import { outcomes } from 'mmspec';
 *
 * console.log(outcomes.printOutcome(outcomes.errno('EBUSY'))); // -EBUSY
 * console.log(outcomes.printOutcome(outcomes.reached(3))); // f3
 * ```
 */
export * as outcomes from '../reference/notation/outcome.ts';
export { printSteps, printTraceSteps } from '../reference/notation/print.ts';

// Targets: what executes programs.
export { type OpenOptions, type OpenTarget, openTarget } from './targets/open.ts';
export { type Names, type TargetDescription, target } from './targets/module/target.ts';
export type { Support } from './targets/support.ts';
export type { Answer, DirectTarget, Manifest, Target } from './targets/target.ts';

// The contract.
export type { Call } from '../reference/calls/call.ts';
export { isStepOf, type StepOf } from '../reference/calls/index.ts';
export type { CallName } from '../reference/notation/names.ts';
export type { Clause } from '../reference/clauses/clause.ts';
export { CALLS, CLAUSES, clauseById, clausesMatching, VOCABULARY } from '../reference/contract.ts';
export { PROFILES, type Profile, profileNamed } from '../reference/profiles/profiles.ts';
export { DOCUMENTED, TRAITS, type TraitName, type Traits, withTraits } from '../reference/profiles/traits.ts';

// Errors.
export { MalformedTrace } from '../reference/judge/judge.ts';
export { NotationError } from '../reference/notation/scanner.ts';
export { UsageError } from './common/errors.ts';
export { TargetFailure } from './targets/target.ts';
