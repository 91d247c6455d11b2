/** mmspec: a property-based conformance kit for Linux's vmap and page-frame mapping calls. */

export type { Call, Step } from '../reference/calls/call.ts';
export { findInvalid, type Program, whyInvalid } from '../reference/calls/valid.ts';
export type { Clause } from '../reference/clauses/clause.ts';
export { Tally } from '../reference/clauses/tally.ts';
export { type Violation, violationKey } from '../reference/clauses/violation.ts';
export { CALLS, CLAUSES, clauseById, clausesMatching, VOCABULARY } from '../reference/contract.ts';
export { judge, MalformedTrace, type Terms, type Trace } from '../reference/judge/judge.ts';
export { Known } from '../reference/model/known.ts';
export { type Address, HOLE, inArea, inObject, inVma, NULL } from '../reference/notation/address.ts';
export { type Document, type Header, parse, print, type Window } from '../reference/notation/document.ts';
export type { Outcome, OutcomeKind } from '../reference/notation/outcome.ts';
export * as outcomes from '../reference/notation/outcome.ts';
export { printSteps, printTraceSteps } from '../reference/notation/print.ts';
export { NotationError } from '../reference/notation/scanner.ts';
export { PROFILES, profileNamed } from '../reference/profiles/profiles.ts';
export { DOCUMENTED, TRAITS, type Traits, withTraits } from '../reference/profiles/traits.ts';
export type { Finding } from './findings/finding.ts';
export { programs } from './programs/arbitrary.ts';
export { Campaign } from './run/campaign/campaign.ts';
export type { Budget, CampaignOptions, CampaignResult } from './run/campaign/options.ts';
export { type Coverage, coverage } from './run/report/coverage.ts';
export { type RunOptions, run } from './run/run.ts';
export { type Agreement, agree } from './targets/agreement.ts';
export { type OpenTarget, openTarget } from './targets/open.ts';
export { type Answer, type DirectTarget, type Manifest, type Target, TargetFailure } from './targets/target.ts';
