/** mmspec: a property-based conformance kit for Linux's vmap and page-frame mapping calls. */

export type { Call, Step } from '../reference/calls/call.ts';
export type { Clause } from '../reference/clause.ts';
export { CALLS, CLAUSES, clauseById, clausesMatching, VOCABULARY } from '../reference/contract.ts';
export { judge, MalformedTrace, type Terms, type Trace } from '../reference/judge/judge.ts';
export { Tally } from '../reference/judge/tally.ts';
export { type Violation, violationKey } from '../reference/judge/violation.ts';
export { Known } from '../reference/model/known.ts';
export { findInvalid, type Program, whyInvalid } from '../reference/model/valid.ts';
export { type Address, HOLE, inArea, inObject, inVma, NULL } from '../reference/notation/address.ts';
export { type Document, type Header, parse, print, type Window } from '../reference/notation/document.ts';
export type { Outcome, OutcomeKind } from '../reference/notation/outcome.ts';
export * as outcomes from '../reference/notation/outcome.ts';
export { printSteps, printTraceSteps } from '../reference/notation/print.ts';
export { NotationError } from '../reference/notation/scanner.ts';
export { PROFILES, profileNamed } from '../reference/profiles/index.ts';
export { DOCUMENTED, TRAITS, type Traits, withTraits } from '../reference/traits.ts';
export { type Budget, Campaign, type CampaignOptions, type CampaignResult } from './campaign/campaign.ts';
export type { Finding } from './campaign/finding.ts';
export { type Agreement, agree } from './campaign/terms.ts';
export { type Coverage, coverage } from './report/coverage.ts';
export { type RunOptions, run } from './run.ts';
export { type OpenTarget, openTarget } from './targets/open.ts';
export { type DirectTarget, type Manifest, type Target, TargetFailure } from './targets/target.ts';
