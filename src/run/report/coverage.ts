import type { Clause, Rare } from '../../../reference/clauses/clause.ts';
import type { Tally } from '../../../reference/clauses/tally.ts';
import { CALLS, CLAUSES } from '../../../reference/contract.ts';
import { applicable } from '../../../reference/model/applicable.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';
import type { Manifest } from '../../targets/target.ts';

/**
 * The status of a clause: `unarmed` when it applied but could not have failed, `unexercised` when it never applied,
 * `unobservable` when no answer of the target could have broken it, `allowed` for a MAY that the target relied on.
 */
export type Status = 'upheld' | 'violated' | 'unarmed' | 'unexercised' | 'unobservable' | 'allowed';

/**
 * Why few programs exercise a clause on a target: `forks-only` if it is about calls that get no memory, and the target can
 * make only forks fail.
 */
export type RareHere = Rare | 'forks-only';

/** What a status says about a clause: whether it was tested, and whether it held. */
export type ClauseOutcome = 'violated' | 'untested' | 'held';

/** The outcome that each status stands for. */
export const OUTCOME_OF: Readonly<Record<Status, ClauseOutcome>> = {
  violated: 'violated',
  unarmed: 'untested',
  unexercised: 'untested',
  unobservable: 'untested',
  allowed: 'held',
  upheld: 'held',
};

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
  /** Calls or abilities, one of which the target would need so that its answers could break the clause; empty if it can. */
  readonly needs: readonly string[];
  /** Why few programs exercise the clause on this target; undefined if many do. */
  readonly rare: RareHere | undefined;
}

/** The lines of the clauses with an outcome. */
export const withOutcome = (table: readonly Coverage[], outcome: ClauseOutcome): Coverage[] =>
  table.filter(({ status }) => OUTCOME_OF[status] === outcome);

/** Clauses that every step exercises, if the target can show them: nothing crashes, warns, or is left over. */
export const EVERY_STEP: ReadonlySet<string> = new Set(['SAFE-1', 'SAFE-2', 'SAFE-3']);

/** The status of a clause with these counts. */
export function statusFrom(
  clause: Clause,
  counts: Pick<Coverage, 'upheld' | 'violated' | 'unarmed' | 'needs'>,
): Status {
  if (counts.violated > 0) return 'violated';
  if (counts.needs.length > 0) return 'unobservable';
  if (counts.upheld > 0) return clause.level === 'MAY' ? 'allowed' : 'upheld';
  return counts.unarmed > 0 ? 'unarmed' : 'unexercised';
}

/** Why few programs exercise the clause on a target with these abilities; undefined if many do. */
function rareHere(clause: Clause, { calls, can }: Pick<Manifest, 'calls' | 'can'>): RareHere | undefined {
  const { rare } = clause;
  if (rare === 'warning') return can.has('warn') ? rare : undefined;
  if (rare === undefined || !(calls.has('fail_after') || can.has('fail_after'))) return rare;
  const ofForks = CALLS.some(({ effect, clauses }) => effect === 'forks' && clauses.includes(clause));
  return can.has('fail_forks') && !ofForks ? 'forks-only' : undefined;
}

/**
 * The coverage table: every clause that applies under the traits, in the order of the contract.
 * @param manifest the calls and abilities of the target.
 */
export function coverage(tally: Tally, traits: Traits, { calls, can }: Pick<Manifest, 'calls' | 'can'>): Coverage[] {
  const applies = applicable(traits);
  const has = (name: string): boolean => calls.has(name) || can.has(name);
  return CLAUSES.filter((clause) => applies[clause.index] === 1).map((clause) => {
    const violated = tally.violated[clause.index];
    const observable = clause.needs.length === 0 || clause.needs.some(has);
    const held = EVERY_STEP.has(clause.id) ? tally.steps - violated : tally.upheld[clause.index];
    const upheld = observable ? held : 0;
    const needs = observable ? [] : clause.needs;
    const missing = CALLS.filter((call) => call.clauses.includes(clause) && !calls.has(call.name)).map((c) => c.name);
    const counts = { upheld, violated, unarmed: tally.unarmed[clause.index], exercised: upheld + violated, needs };
    return { clause, status: statusFrom(clause, counts), ...counts, missing, rare: rareHere(clause, { calls, can }) };
  });
}
