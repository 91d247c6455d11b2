import type { FrameId } from '../notation/frame.ts';
import type { Outcome } from '../notation/outcome.ts';
import type { Clause } from './clause.ts';

/** How far overlapping calls can be put in an order, as far as one page of a VMA is concerned. */
export interface Followed {
  readonly vma: number;
  readonly page: number;
  /** What the page held at first, and after each step of the order; -1: nothing. */
  readonly initial: FrameId;
  readonly steps: readonly { readonly step: number; readonly holds: FrameId }[];
}

/**
 * One broken promise: which step showed it, which clause it breaks, what was allowed and what was seen.
 *
 * @example
 * ```ts
 * import { agree, judge, parse, type Violation } from 'mmspec';
 *
 * const { header, entries } = parse('mmspec trace 1\n@0 a0 = vmap f0 => 0x1000000\n@0 read a0 => fault\n');
 * const violation: Violation | undefined = judge(entries[0].trace, agree(header).terms);
 * console.log(violation?.step, violation?.clause.id, violation?.seen.kind); // 1 MAP-1 fault
 * ```
 */
export interface Violation {
  /** Index of the step in the program. */
  readonly step: number;
  readonly clause: Clause;
  /** Further clauses that the same observation breaks. */
  readonly also: readonly Clause[];
  /** What the contract allows here, for people. */
  readonly allowed: string;
  readonly seen: Outcome;
  /** Where no order of overlapping calls explains the answer: the longest one that leads up to the step. */
  readonly followed?: Followed;
}

/** Two failures are the same if this is: clause, call and kind of outcome. */
export const violationKey = (violation: Violation, call: string): string =>
  `${violation.clause.id} ${call} ${violation.seen.kind}`;
