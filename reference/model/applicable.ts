import { type Clause, clauses } from '../clauses/clause.ts';
import type { Traits } from '../profiles/traits.ts';

const cache = new WeakMap<Traits, Uint8Array>();

/** For each clause whether it is asked for under these traits. */
export function applicable(traits: Traits): Uint8Array {
  let known = cache.get(traits);
  if (!known) {
    known = Uint8Array.from(clauses, (clause) => (clauseApplies(clause, traits) ? 1 : 0));
    cache.set(traits, known);
  }
  return known;
}

/** True where each trait that the clause names has one of the values that it names (`lazy|before-return`). */
export const clauseApplies = (clause: Clause, traits: Traits): boolean =>
  Object.entries(clause.where).every(([name, values]) => values.split('|').includes(traits[name as keyof Traits]));
