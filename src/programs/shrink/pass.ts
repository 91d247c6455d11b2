import type { Call, Step } from '../../../reference/calls/call.ts';
import { type Program, predictStep } from '../../../reference/calls/valid.ts';
import { Known } from '../../../reference/model/known.ts';
import type { Block } from '../../../reference/notation/program.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';

/** The key of a program's failure, or undefined if the program passes. */
export type Verdict = string | undefined;

/** What passes know besides the program. */
export interface Context {
  readonly traits: Traits;
  /** Page size in bytes. */
  readonly page: number;
  /** Calls that may replace others. */
  readonly calls: readonly Call[];
}

/** Where a pass continues after one of its edits was adopted. Each pass gives the two numbers its own meaning. */
export interface Cursor {
  readonly at: number;
  readonly size: number;
}

/** A proposal: the steps of the program, changed, moved, or removed (undefined). */
export interface Edit {
  readonly steps: readonly (Step | undefined)[];
  /** Where to continue in the changed program. */
  readonly next: Cursor;
  /** Drop the edit if the repair would have to remove a further step. */
  readonly whole?: boolean;
  /** The edit has adjusted addresses and lengths to the sizes that it changed; the repair must not do so again. */
  readonly fitted?: boolean;
  /** Parallel blocks as ranges of `steps`, if they are not those of the program. */
  readonly blocks?: readonly Block[];
}

/**
 * One way to make programs smaller.
 *
 * # How passes are run
 *
 * Shrinking starts with a failing program. It asks the passes for edits, one at a time. Each edit is repaired into a
 * valid program (repair.ts), and dropped if that program is not smaller in the order of order.ts, or was run before.
 * Otherwise the program runs. If it fails in the same way, the edit is *adopted*: the program takes the place of the
 * old one, and the pass starts again on it, from the cursor that the edit named. Shrinking ends when no edit of any
 * pass is adopted.
 *
 * # Designing a pass
 *
 * **Propose what is likely to succeed, and saves much, first.** An adopted edit makes every later run cheaper; a
 * rejected one is a run for nothing. So begin with large edits (half of the steps, all arguments plain at once) and
 * go on to small ones. Go through steps from the end to the start: late steps depend on early ones, and are easier to
 * remove. `windows` does both.
 *
 * **Be a pure function.** `edits` depends on the program, the context and the cursor, and on nothing else. It must
 * assume that none of its earlier edits was adopted, since it is restarted as soon as one is. No random choice, no
 * state between two calls: the same failure must shrink to the same program every time.
 *
 * **Be idempotent.** Where a pass has stopped, running it again must find nothing. Better still, let different
 * programs end in the same one: prefer fixed targets (frame 0, CPU 0, offset 0, one page) to relative ones (one less
 * than now). Users compare counterexamples, and two texts for one bug look like two bugs.
 *
 * **Do not worry about termination, but propose finitely many edits.** Only smaller programs are adopted, and there
 * are no endless descents in the order. This also means that a pass cannot go through a larger program on its way to
 * a smaller one. If two changes help only together, propose them as one edit: see `pairs`, `absorb` and `apart`.
 *
 * **Leave validity to the repair.** It renumbers names, removes the steps whose names are gone, adjusts addresses and
 * lengths to changed sizes, exchanges an unmapping call that no longer fits its area, and drops what is still
 * undefined. So a deletion pass may delete a mapping and forget its uses. Set `whole` if the edit is pointless when
 * further steps go, and `fitted` if the edit has adjusted addresses itself.
 *
 * **Use the cursor to skip what has just failed.** After an adopted edit, the edits before it would mostly fail
 * again, so `next` points behind them, in terms of the *changed* program. To skip too much is safe: before shrinking
 * ends, every pass runs once from its start (cursor undefined). To skip too little costs runs. A pass without a good
 * guess starts over: `START`.
 *
 * **Count the edits for a program that the pass cannot help.** These are its price, and every failure pays it. A
 * number in proportion to the steps or arguments is fine. A square is fine for short programs only: give the pass a
 * limit, as `pairs` and `settle` do.
 *
 * # When is a new pass needed?
 *
 * `npm run bench:shrink` shows it: more than one final text for the same failure, or a certificate that found a
 * shorter program than the passes did. Put the two programs side by side, and find the one edit that leads from the
 * larger to the smaller. That edit is the pass. Write it in a file of its own in passes/, say in its comment what it
 * proposes, where it continues and what it costs, list it in passes/index.ts (passes that remove much at little cost
 * come first), and add both programs to a test in properties/programs.
 */
export interface Pass {
  readonly name: string;
  edits(program: Program, context: Context, from: Cursor | undefined): Iterable<Edit>;
}

/** The cursor of a pass that starts over. */
export const START: Cursor = { at: 0, size: 0 };

const knownByProgram = new WeakMap<Program, Known>();

/** What is known after a program: among others the size of each area and VMA that it created. */
export function knownAfter(program: Program, { traits, page }: Context): Known {
  let known = knownByProgram.get(program);
  if (!known) {
    known = new Known(traits, program.cpus, program.frames, page);
    for (const step of program.steps) predictStep(known, step);
    knownByProgram.set(program, known);
  }
  return known;
}

/** The steps with undefined at some positions. */
export const withoutSteps = (steps: readonly Step[], ...positions: readonly number[]): (Step | undefined)[] =>
  steps.map((step, at) => (positions.includes(at) ? undefined : step));
