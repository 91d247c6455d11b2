import type { Program } from '../reference/calls/valid.ts';
import { Tally } from '../reference/clauses/tally.ts';
import type { Terms } from '../reference/judge/judge.ts';
import { type Judged, judgeAnswer } from '../src/findings/execution.ts';
import type { OpenTarget } from '../src/targets/open.ts';
import { type Answer, TargetFailure } from '../src/targets/target.ts';
import { failsWithoutFault, isKnownWarning } from './without-fault.ts';

/** Programs that are sent at a time. */
const BATCH = 16;

/** What to run, and when to stop although no program failed. */
export interface Search {
  /** The target with the fault. */
  readonly target: OpenTarget;
  /** Opens the target without it, and is called only if a program fails. */
  readonly stock: () => Promise<OpenTarget>;
  readonly terms: Terms;
  /** The program with this number, from 0 on. */
  readonly draw: (number: number) => Program;
  /** Time limit in seconds, by `clock`. */
  readonly seconds: number;
  /** Executed and judged; no limit by default. */
  readonly steps?: number;
  /** The time in seconds, since any moment; the wall clock by default. */
  readonly clock?: () => number;
}

/** The first program that failed because of the fault, and how much ran until then. */
export interface FirstFailure {
  /** Undefined if no program failed. */
  readonly judged: Judged | undefined;
  readonly programs: number;
  /** Executed and judged. */
  readonly steps: number;
  /** By the clock of the search, until it ended. */
  readonly seconds: number;
}

const wallClock = (): number => performance.now() / 1000;

/** The answers to programs, except where the target failed outside a step: nothing is known about these. */
async function answersOf(target: OpenTarget, programs: readonly Program[]): Promise<Answer[]> {
  const arrived: Answer[] = [];
  try {
    return await target.run(programs, (_, answer) => {
      if (!(answer instanceof TargetFailure)) arrived.push(answer);
    });
  } catch (error) {
    if (error instanceof TargetFailure) return arrived;
    throw error;
  }
}

/** Undefined if the target failed in its clean-up, and no step before broke a clause. */
function judgedUnlessFailed(answer: Answer, terms: Terms, tally: Tally): Judged | undefined {
  try {
    return judgeAnswer(answer, terms, tally);
  } catch (error) {
    if (error instanceof TargetFailure) return undefined;
    throw error;
  }
}

/** Runs programs until one fails, or a limit is reached. One that fails without the fault, too, does not count. */
export async function firstFailure({ target, stock, terms, draw, ...limits }: Search): Promise<FirstFailure> {
  const { seconds: maxSeconds, steps: maxSteps = Number.POSITIVE_INFINITY, clock = wallClock } = limits;
  const tally = new Tally();
  const start = clock();
  const seconds = (): number => clock() - start;
  let [programs, steps] = [0, 0];
  while (seconds() < maxSeconds && steps < maxSteps) {
    const batch = Array.from({ length: BATCH }, (_, i) => draw(programs + i));
    const before = programs;
    programs += batch.length;
    for (const [index, answer] of (await answersOf(target, batch)).entries()) {
      const judged = judgedUnlessFailed(answer, terms, tally);
      if (!judged) continue;
      steps += judged.steps;
      if (!judged.violation || isKnownWarning(judged, target)) continue;
      if (!(await failsWithoutFault(judged.trace.program, await stock(), terms)))
        return { judged, programs: before + index + 1, steps, seconds: seconds() };
    }
  }
  return { judged: undefined, programs, steps, seconds: seconds() };
}
