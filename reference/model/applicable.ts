import { type Clause, clauses } from '../clauses/clause.ts';
import type { Traits } from '../profiles/traits.ts';

const cache = new WeakMap<Traits, Uint8Array>();

/** For each clause, by its index, 1 where it applies under these traits. */
export function applicable(traits: Traits): Uint8Array {
  let known = cache.get(traits);
  if (!known) {
    known = Uint8Array.from(clauses, (clause) => (clauseApplies(clause, traits) ? 1 : 0));
    cache.set(traits, known);
  }
  return known;
}

/** True if every trait in the clause's `where` has one of the values given there (`lazy|before-return`). */
export const clauseApplies = (clause: Clause, traits: Traits): boolean =>
  Object.entries(clause.where).every(([name, values]) => values.split('|').includes(traits[name as keyof Traits]));
