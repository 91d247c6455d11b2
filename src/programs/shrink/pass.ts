import type { Call, Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import { Known } from '../../../reference/model/known.ts';
import type { Block } from '../../../reference/notation/program.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';

/** What a program did: the key of its failure, or undefined where it held. */
export type Verdict = string | undefined;

/** What passes know besides the program. */
export interface Context {
  readonly traits: Traits;
  /** Page size in bytes. */
  readonly page: number;
  /** Calls that a step may be exchanged for. */
  readonly calls: readonly Call[];
}

/** Where a pass goes on after one of its edits was taken over; each pass has its own meaning for the numbers. */
export interface Cursor {
  readonly at: number;
  readonly size: number;
}

/** A proposal: the steps of the program, changed, moved, or left out where undefined. */
export interface Edit {
  readonly steps: readonly (Step | undefined)[];
  /** Where to go on in the changed program. */
  readonly next: Cursor;
  /** The edit is off if a further step would have to go. */
  readonly whole?: boolean;
  /** Addresses and lengths fit the sizes that the edit has changed, and are not to be fitted again. */
  readonly fitted?: boolean;
  /** Parallel blocks as ranges of `steps`, where they are not those of the program. */
  readonly blocks?: readonly Block[];
}

/**
 * A way to make programs smaller. `edits` is a pure function; it proposes one edit after the other, on the
 * understanding that none was taken over: whoever takes one over starts the pass anew on the new program, from that
 * edit's `next`. Whether an edit is valid, repaired and smaller is looked after elsewhere, so a pass may be careless.
 * How many edits it proposes for a program that it cannot help is what it costs; that must be few.
 */
export interface Pass {
  readonly name: string;
  edits(program: Program, context: Context, from: Cursor | undefined): Iterable<Edit>;
}

const facts = new WeakMap<Program, Known>();

/** What is known after a program: how long each area and VMA is that it made. */
export function knownAfter(program: Program, { traits, page }: Context): Known {
  let known = facts.get(program);
  if (!known) {
    known = new Known(traits, program.cpus, program.frames, page);
    for (const step of program.steps) step.call.predict?.(known, step);
    facts.set(program, known);
  }
  return known;
}

/** The step with one argument replaced. */
export const withArgument = (step: Step, position: number, value: Step['args'][number]): Step => ({
  ...step,
  args: step.args.map((old, i) => (i === position ? value : old)),
});

/** The list with one entry replaced. */
export const withEntry = <T>(list: readonly T[], position: number, entry: T): T[] =>
  list.map((old, i) => (i === position ? entry : old));
