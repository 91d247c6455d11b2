import { CALLS, VOCABULARY } from './calls/index.ts';
import { type Clause, clauses } from './clauses/clause.ts';
import { COMMON } from './clauses/common.ts';

export { CALLS, VOCABULARY };

/** All clauses, common ones first, then call by call. */
export const CLAUSES: readonly Clause[] = [
  ...new Set([...COMMON, ...CALLS.flatMap((call) => call.clauses), ...clauses]),
];

/** The clause of an id, if there is one. */
export const clauseById = (id: string): Clause | undefined => CLAUSES.find((clause) => clause.id === id);

/** Clauses whose id matches: an id, or a glob with `*` (`ZAP-*`). */
export function clausesMatching(pattern: string): readonly Clause[] {
  const expression = new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i');
  return CLAUSES.filter((clause) => expression.test(clause.id));
}
