import type { Program } from '../../reference/calls/valid.ts';
import { Tally } from '../../reference/clauses/tally.ts';
import type { Violation } from '../../reference/clauses/violation.ts';
import { judge, MalformedTrace, type Terms, type Trace } from '../../reference/judge/judge.ts';
import { UnjudgedTrace } from '../common/errors.ts';
import { Pause } from '../common/event-loop.ts';
import type { OpenTarget } from '../targets/open.ts';
import { type Answer, TargetFailure } from '../targets/target.ts';
import { keyOf } from './finding.ts';

/** A program that was executed and judged. */
export interface Judged {
  readonly trace: Trace;
  readonly violation: Violation | undefined;
  /** Steps that were executed; where the program was repeated in one go, those of all repetitions. */
  readonly steps: number;
}

/** Whether the last step crashed or hung. A target outside this process must then start again. */
export const endsTarget = ({ trace }: Judged): boolean => /^(crash|timeout)$/.test(trace.outcomes.at(-1)?.kind ?? '');

/** The key of a failure; undefined when the program held. */
export const failureOf = ({ trace, violation }: Judged): string | undefined => violation && keyOf(trace, violation);

/**
 * Judges a trace that a target answered with.
 * @throws TargetFailure, with the program, when the trace breaks the grammar.
 */
export function judged(trace: Trace, terms: Terms, tally: Tally): Judged {
  try {
    return { trace, violation: judge(trace, terms, tally), steps: trace.outcomes.length };
  } catch (error) {
    if (!(error instanceof MalformedTrace)) throw error;
    throw new TargetFailure(error.message, { programs: [trace.program], cause: error });
  }
}

/**
 * Judges a trace that a file holds.
 * @throws UnjudgedTrace that names the file, when a step is undefined or the trace breaks the grammar.
 */
export function judgeRecorded(path: string, trace: Trace, terms: Terms, tally = new Tally()): Violation | undefined {
  try {
    return judge(trace, terms, tally);
  } catch (error) {
    if (!(error instanceof MalformedTrace)) throw error;
    throw new UnjudgedTrace(`${path}: the trace cannot be judged: ${error.message}`, { cause: error });
  }
}

/** Judges every repetition of a program that ran in one go; returns the first that failed, else the last. */
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

/** Executes one program on a target in this process, and judges it. */
export function executeDirect(target: OpenTarget, program: Program, terms: Terms, tally: Tally): Judged {
  const { direct } = target;
  if (program.blocks.length > 0 || target.manifest.can.has('leaks'))
    return judged(direct!.executeTrace(program), terms, tally);
  return judged({ program, outcomes: direct!.execute(program) }, terms, tally);
}

/**
 * Judges the answer of a target outside this process.
 * @throws TargetFailure if the target failed in its clean-up, and the outcomes that arrived before break no clause.
 */
export function judgeAnswer(answer: Answer, terms: Terms, tally: Tally): Judged {
  const one = judgedAnswer(answer, terms, tally);
  if (answer.failure && !one.violation) throw answer.failure;
  return one;
}

/** Executes programs on any target, and judges them. Without a `tally`, what they exercise is not counted. */
export async function execute(
  target: OpenTarget,
  programs: readonly Program[],
  terms: Terms,
  tally: Tally = new Tally(),
): Promise<Judged[]> {
  if (target.direct) return programs.map((program) => executeDirect(target, program, terms, tally));
  const answers = await target.run(programs);
  return answers.map((answer) => judgeAnswer(answer, terms, tally));
}

/** Runs after which a program counts as holding on a target outside this process: with lanes, their overlap is chance. */
export const triesOf = ({ blocks }: Program): number => (blocks.length > 0 ? 200 : 10);

/** Repetitions that are sent to a target in one batch. */
const SAMPLE_BATCH = 20;

interface SampleOptions {
  readonly target: OpenTarget;
  readonly terms: Terms;
  readonly tally?: Tally;
  /** Maximum number of runs. */
  readonly most: number;
  /** Stop when this many runs have failed; the default is `most`. */
  readonly enough?: number;
  /** Stop when this returns true. */
  readonly over?: () => boolean;
  readonly failing: (run: Judged) => boolean;
}

/**
 * Runs one program again and again.
 * @returns the runs that failed, and the number of runs.
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
    const size = Math.min(SAMPLE_BATCH, most - of);
    const runs = await execute(target, new Array<Program>(size).fill(program), terms, tally);
    failed.push(...runs.filter(failing));
    of += size;
    if (over?.()) break;
  }
  return { failed, of };
}
