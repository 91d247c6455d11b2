import type { Outcome } from './outcome.ts';
import type { AnyArguments, Signature } from './signature.ts';

/** One call on one CPU. `A`: its arguments, where it is known which call it is. */
export interface Step<C extends Signature = Signature, A extends AnyArguments = AnyArguments> {
  readonly cpu: number;
  readonly call: C;
  /** The number of the name that the step binds (`a3 = ...`), else -1. */
  readonly binds: number;
  /** One value for each parameter of the call, in order; `undefined` for an optional one left out. */
  readonly args: A;
}

/** A parallel block: the steps `[start, end)` of a program run in one lane per CPU. */
export interface Block {
  readonly start: number;
  readonly end: number;
  /** How the lanes were or are to be interleaved; free `name=value` attributes of the `par` line, in order. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** A list of steps; `blocks` lie apart from each other, in order. */
export interface Program<C extends Signature = Signature> {
  readonly cpus: number;
  /** Frames in the pool. */
  readonly frames: number;
  readonly steps: readonly Step<C>[];
  readonly blocks: readonly Block[];
}

/** Logical times of one step of a parallel block. */
export interface Interval {
  readonly called: number;
  readonly returned: number;
}

/**
 * What a target answered: one outcome a step, in order. Shorter than the program where the target did not get to
 * the end (the last outcome is then `crash` or `timeout`).
 */
export interface Trace<C extends Signature = Signature> {
  readonly program: Program<C>;
  readonly outcomes: readonly Outcome[];
  /** For each step of a parallel block when it was called and when it returned; undefined outside. */
  readonly times?: readonly (Interval | undefined)[];
  /** What the target found left over after it had cleaned up behind the program. */
  readonly leaks?: readonly string[];
}

/** The CPUs of a block's lanes, in the order in which they come up. */
export const lanesOf = (
  steps: readonly { readonly cpu: number }[],
  { start, end }: Pick<Block, 'start' | 'end'>,
): number[] => [...new Set(steps.slice(start, end).map(({ cpu }) => cpu))];

export const NO_BLOCKS: readonly Block[] = [];
