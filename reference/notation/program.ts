import type { Outcome } from './outcome.ts';
import type { AnyArguments, Signature } from './signature.ts';

/** One call on one CPU. `A` is the type of its arguments, where the compiler knows which call it is. */
export interface Step<C extends Signature = Signature, A extends AnyArguments = AnyArguments> {
  readonly cpu: number;
  readonly call: C;
  /** The number of the name that the step binds (3 for `a3 = ...`), or -1. */
  readonly binds: number;
  /** One value for each parameter of the call, in order; `undefined` for an optional argument that is left out. */
  readonly args: A;
}

/** A parallel block: the steps `[start, end)` of a program, which run in one lane per CPU, all lanes at the same time. */
export interface Block {
  readonly start: number;
  readonly end: number;
  /** The `name=value` attributes of the `par` line, in order: how lanes are interleaved, how often the block runs. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** A list of steps. `blocks` are in order and do not overlap. */
export interface Program<C extends Signature = Signature> {
  readonly cpus: number;
  /** Frames in the pool. */
  readonly frames: number;
  readonly steps: readonly Step<C>[];
  readonly blocks: readonly Block[];
}

/** When a step of a parallel block was called and when it returned, in logical time. */
export interface Interval {
  readonly called: number;
  readonly returned: number;
}

/**
 * A program and the outcomes of its steps, in order. There are fewer outcomes than steps only where the target did not
 * reach the end; the last outcome is then `crash` or `timeout`.
 */
export interface Trace<C extends Signature = Signature> {
  readonly program: Program<C>;
  readonly outcomes: readonly Outcome[];
  /** By step: its times, or undefined outside of parallel blocks. */
  readonly times?: readonly (Interval | undefined)[];
  /** What was left after the target had undone everything that the program did. */
  readonly leaks?: readonly string[];
}

/** The CPUs of a block's lanes, in the order of their first steps. */
export const lanesOf = (
  steps: readonly { readonly cpu: number }[],
  { start, end }: Pick<Block, 'start' | 'end'>,
): number[] => [...new Set(steps.slice(start, end).map(({ cpu }) => cpu))];

export const NO_BLOCKS: readonly Block[] = [];
