import type { Program } from '../../../reference/calls/valid.ts';
import { compare } from './order.ts';
import type { Context, Cursor, Pass } from './pass.ts';
import { PASSES } from './passes/index.ts';
import { repair } from './repair.ts';

/** How far shrinking has got: the current pass, and where it continues in the program. */
export interface Place {
  /** Its position in `PASSES`. */
  readonly pass: number;
  readonly cursor?: Cursor;
}

/** A smaller valid program, and where to continue if it fails in the same way. */
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
 * What all passes propose for a program, each candidate valid and smaller than the program. Starts at `place` and goes
 * through all passes once, so if no candidate fails in the same way, no pass can make the program smaller.
 */
export function* candidates(program: Program, context: Context, place: Place = { pass: 0 }): Iterable<Candidate> {
  yield* ofPass(program, context, place.pass, place.cursor);
  // A pass that started at a cursor has skipped its first edits: it comes last once more, from its start.
  const rounds = place.cursor ? PASSES.length : PASSES.length - 1;
  for (let n = 1; n <= rounds; n++) yield* ofPass(program, context, (place.pass + n) % PASSES.length);
}
