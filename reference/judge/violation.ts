import type { Clause } from '../clause.ts';
import type { Outcome } from '../notation/outcome.ts';

/** One broken promise: which step showed it, which clause it breaks, what was allowed and what was seen. */
export interface Violation {
  /** Index of the step in the program. */
  readonly step: number;
  readonly clause: Clause;
  /** Further clauses that the same observation breaks. */
  readonly also: readonly Clause[];
  /** What the contract allows here, for people. */
  readonly allowed: string;
  readonly seen: Outcome;
}

/** Two failures are the same if this is: clause, call and kind of outcome. */
export const violationKey = (violation: Violation, call: string): string =>
  `${violation.clause.id} ${call} ${violation.seen.kind}`;
