import type { FrameId } from '../notation/frame.ts';
import type { Outcome } from '../notation/outcome.ts';
import type { Clause } from './clause.ts';

/** The longest order of overlapping calls that explains their answers, for one page of a VMA. */
export interface Followed {
  readonly vma: number;
  readonly page: number;
  /** The frame in the page before the first step, and after each step of the order; -1: nothing. */
  readonly initial: FrameId;
  readonly steps: readonly { readonly step: number; readonly holds: FrameId }[];
}

/**
 * A broken clause: the step that showed it, what the contract allows there and what the target answered.
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
  /** Other clauses that the same answer breaks. */
  readonly also: readonly Clause[];
  /** What the contract allows here, in words. */
  readonly allowed: string;
  readonly seen: Outcome;
  /** What was left over, as the target reports it. Only if the clause is about that, not about the outcome of a step. */
  readonly left?: readonly string[];
  /** If no order of overlapping calls explains the answer: the longest order that leads up to the step. */
  readonly followed?: Followed;
}

/**
 * Two violations count as the same failure if their keys are equal: same clause, call and kind of outcome. What the
 * clean-up found has nothing to do with the outcome of the last step: `left` stands for its kind.
 */
export const violationKey = ({ clause, seen, left }: Violation, call: string): string =>
  `${clause.id} ${call} ${left ? 'left' : seen.kind}`;
