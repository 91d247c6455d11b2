import type { Clause } from '../../../reference/clauses/clause.ts';
import type { Tally } from '../../../reference/clauses/tally.ts';
import { CALLS, CLAUSES } from '../../../reference/contract.ts';
import { applicable } from '../../../reference/model/applicable.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';

/**
 * The status of a clause: `unarmed` when it applied but could not have failed, `unexercised` when it never applied,
 * `allowed` for a MAY that the target relied on.
 */
export type Status = 'upheld' | 'violated' | 'unarmed' | 'unexercised' | 'allowed';

/**
 * One line of the coverage table.
 *
 * @example
 * ```ts
 * import { type Coverage, run } from 'mmspec';
 *
 * const report = await run({ target: 'embedded', budget: { programs: 200 } });
 * const untested = report.coverage.filter(({ status }: Coverage) => status === 'unexercised');
 * console.log(untested.length < report.coverage.length); // true
 * ```
 */
export interface Coverage {
  readonly clause: Clause;
  readonly status: Status;
  readonly upheld: number;
  readonly violated: number;
  readonly unarmed: number;
  /** How often the clause could have failed. */
  readonly exercised: number;
  /** Calls of the clause that the target does not have. */
  readonly missing: readonly string[];
}

/** Clauses that every step exercises: that nothing crashes or warns. */
export const EVERY_STEP: ReadonlySet<string> = new Set(['SAFE-1', 'SAFE-2', 'SAFE-3']);

/** The status of a clause with these counts. */
export function statusFrom(clause: Clause, counts: Pick<Coverage, 'upheld' | 'violated' | 'unarmed'>): Status {
  if (counts.violated > 0) return 'violated';
  if (counts.upheld > 0) return clause.level === 'MAY' ? 'allowed' : 'upheld';
  return counts.unarmed > 0 ? 'unarmed' : 'unexercised';
}

/**
 * The coverage table: every clause that applies under the traits, in the order of the contract.
 * @param calls names of the calls that the target has.
 */
export function coverage(tally: Tally, traits: Traits, calls: ReadonlySet<string>): Coverage[] {
  const applies = applicable(traits);
  return CLAUSES.filter((clause) => applies[clause.index] === 1).map((clause) => {
    const safe = EVERY_STEP.has(clause.id);
    const upheld = safe ? tally.steps - tally.violated[clause.index] : tally.upheld[clause.index];
    const violated = tally.violated[clause.index];
    const missing = CALLS.filter((call) => call.clauses.includes(clause) && !calls.has(call.name)).map((c) => c.name);
    const counts = { upheld, violated, unarmed: tally.unarmed[clause.index], exercised: upheld + violated };
    return { clause, status: statusFrom(clause, counts), ...counts, missing };
  });
}
