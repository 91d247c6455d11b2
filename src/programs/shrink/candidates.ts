import type { Program } from '../../../reference/calls/valid.ts';
import { compare } from './order.ts';
import type { Context, Cursor, Pass } from './pass.ts';
import { PASSES } from './passes/index.ts';
import { repair } from './repair.ts';

/** How far shrinking has got: the pass that is at work, and where in the program it is. */
export interface Place {
  readonly pass: number;
  readonly cursor?: Cursor;
}

/** A smaller valid program, and where to go on if it is taken over. */
export interface Candidate {
  readonly program: Program;
  readonly place: Place;
  readonly pass: Pass;
}

function* ofPass(program: Program, context: Context, pass: number, cursor?: Cursor): Iterable<Candidate> {
  for (const edit of PASSES[pass].edits(program, context, cursor)) {
    const made = repair(program, edit, context);
    if (!made || compare(made, program, context.page) >= 0) continue;
    yield { program: made, place: { pass, cursor: edit.next }, pass: PASSES[pass] };
  }
}

/**
 * All proposals of all passes for a program, each valid and smaller than it, from `place` on and once around: where
 * none of them fails, the program cannot be made smaller.
 */
export function* candidates(program: Program, context: Context, place: Place = { pass: 0 }): Iterable<Candidate> {
  yield* ofPass(program, context, place.pass, place.cursor);
  const rounds = place.cursor ? PASSES.length : PASSES.length - 1;
  for (let n = 1; n <= rounds; n++) yield* ofPass(program, context, (place.pass + n) % PASSES.length);
}
