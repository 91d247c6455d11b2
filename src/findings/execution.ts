import type { Program } from '../../reference/calls/valid.ts';
import { Tally } from '../../reference/clauses/tally.ts';
import type { Violation } from '../../reference/clauses/violation.ts';
import { judge, MalformedTrace, type Terms, type Trace } from '../../reference/judge/judge.ts';
import { Pause } from '../common/event-loop.ts';
import type { OpenTarget } from '../targets/open.ts';
import { type Answer, TargetFailure } from '../targets/target.ts';
import { keyOf } from './finding.ts';

/** A program that was executed and judged; where it was run several times in one go, the time that counts. */
export interface Judged {
  readonly trace: Trace;
  readonly violation: Violation | undefined;
  /** Steps that were executed, those of other times included. */
  readonly steps: number;
}

/** The key of a failure; undefined where the program held. */
export const failureOf = ({ trace, violation }: Judged): string | undefined => violation && keyOf(trace, violation);

function failure(error: unknown, program: Program): unknown {
  if (!(error instanceof MalformedTrace)) return error;
  return new TargetFailure(error.message, { programs: [program], cause: error });
}

/**
 * Judges what a target answered.
 * @throws TargetFailure, with the program, where the answer is none.
 */
export function judged(trace: Trace, terms: Terms, tally: Tally): Judged {
  try {
    return { trace, violation: judge(trace, terms, tally), steps: trace.outcomes.length };
  } catch (error) {
    throw failure(error, trace.program);
  }
}

/** Judges every time that a program was run in one go; what counts is the first that failed, else the last. */
function judgedAnswer({ earlier = [], ...last }: Answer, terms: Terms, tally: Tally): Judged {
  const [first, ...more] = [...earlier, last];
  let one = judged(first, terms, tally);
  for (const trace of more) {
    if (one.violation) break;
    const { steps } = one;
    one = judged(trace, terms, tally);
    one = { ...one, steps: steps + one.steps };
  }
  return one;
}

/** Executes one program on a target of this process, and judges it. */
export function executeDirect(target: OpenTarget, program: Program, terms: Terms, tally: Tally): Judged {
  const { direct } = target;
  if (program.blocks.length > 0) return judged(direct!.executeTrace(program), terms, tally);
  return judged({ program, outcomes: direct!.execute(program) }, terms, tally);
}

/** Judges what a target outside of this process answered. */
export const judgeAll = (answers: readonly Answer[], terms: Terms, tally: Tally): Judged[] =>
  answers.map((answer) => judgedAnswer(answer, terms, tally));

/** How often a program is run elsewhere before it is taken to hold: chance decides how lanes overlap there. */
export const triesOf = ({ blocks }: Program): number => (blocks.length > 0 ? 200 : 10);

/** Programs of a sample that are sent in one go. */
const SAMPLE = 20;

/**
 * Runs one program again and again, until `failing` says of enough runs that they failed, or `most` were made.
 * @returns the runs that failed, and how many were made.
 */
export async function sample(
  program: Program,
  { target, terms, tally, most, enough = most, over, failing }: SampleOptions,
): Promise<{ failed: Judged[]; of: number }> {
  const failed: Judged[] = [];
  let of = 0;
  const pause = new Pause();
  while (of < most && failed.length < enough) {
    await pause.take();
    const size = Math.min(SAMPLE, most - of);
    const runs = await execute(target, new Array<Program>(size).fill(program), terms, tally);
    failed.push(...runs.filter(failing));
    of += size;
    if (over?.()) break;
  }
  return { failed, of };
}

export interface SampleOptions {
  readonly target: OpenTarget;
  readonly terms: Terms;
  readonly tally?: Tally;
  readonly most: number;
  /** It ends when so many runs have failed; all are made where not said. */
  readonly enough?: number;
  /** It ends as well when this says so. */
  readonly over?: () => boolean;
  readonly failing: (run: Judged) => boolean;
}

/** Executes programs on any target, and judges them; what they exercise is counted nowhere if `tally` is left out. */
export async function execute(
  target: OpenTarget,
  programs: readonly Program[],
  terms: Terms,
  tally: Tally = new Tally(),
): Promise<Judged[]> {
  if (target.direct) return programs.map((program) => executeDirect(target, program, terms, tally));
  return judgeAll(await target.run(programs), terms, tally);
}
