import type { Clause } from '../clauses/clause.ts';
import type { Origin } from './known.ts';

/** What calls promise about what they map and unmap: the clauses that a later observation upholds or breaks. */

/** What a mapping call promises about the area that it returns. */
export interface Mapping {
  readonly origin: Origin;
  /** The clause that promises that the frames are reached. */
  readonly maps: Clause;
  /** User VMAs can map it (VM_USERMAP); false by default. */
  readonly forUser?: boolean;
  /** The clause that promises that no write reaches the frames; undefined if they can be written to. */
  readonly readOnly?: Clause;
}

/** What a call that fills pages of a VMA promises about them. */
export interface Insertion {
  /** The clause that promises that the frame is reached. */
  readonly maps: Clause;
  /** Defined if the call takes one reference and one map count of the frame, which unmapping drops. */
  readonly counted: Clause | undefined;
}

/** What a call that ends mappings promises about them. */
export interface Removal {
  /** The page tables no longer have them. */
  readonly tables: Clause;
  /** No CPU reaches them; undefined if only a later flush guarantees that. */
  readonly access: Clause | undefined;
  /** The call changes nothing else. */
  readonly keeps: Clause;
  /** The reference and map counts after the call. */
  readonly counts: Clause;
}
