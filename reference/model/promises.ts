import type { Clause } from '../clauses/clause.ts';
import type { Origin } from './known.ts';

/** What calls promise about what they map and unmap: the clauses that a later observation is charged to. */

/** What a mapping call promises about the area that it returns. */
export interface Mapping {
  readonly origin: Origin;
  /** The clause that promises that the frames are reached. */
  readonly maps: Clause;
}

/** What a call that fills pages of a VMA promises about them. */
export interface Insertion {
  /** The clause that promises that the frame is reached. */
  readonly maps: Clause;
  /** It takes one reference and one map count of the frame, which unmapping drops. */
  readonly counted: Clause | undefined;
}

/** What a call that ends mappings promises about them. */
export interface Removal {
  /** The page tables do not have them any more. */
  readonly tables: Clause;
  /** No CPU reaches them any more; undefined where that is left to a later flush. */
  readonly access: Clause | undefined;
  /** It changes nothing else. */
  readonly keeps: Clause;
  /** Reference and map counts afterwards. */
  readonly counts: Clause;
}
