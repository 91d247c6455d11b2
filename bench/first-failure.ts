import type { Program } from '../reference/calls/valid.ts';
import { Tally } from '../reference/clauses/tally.ts';
import type { Terms } from '../reference/judge/judge.ts';
import { type Judged, judgeAnswer } from '../src/findings/execution.ts';
import type { OpenTarget } from '../src/targets/open.ts';
import { failsWithoutFault } from './without-fault.ts';

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
  /** By the clock. */
  readonly seconds: number;
  /** Executed and judged; no limit by default. */
  readonly steps?: number;
}

/** The first program that failed because of the fault, and how much ran until then. */
export interface FirstFailure {
  /** Undefined if no program failed. */
  readonly judged: Judged | undefined;
  readonly programs: number;
  /** Executed and judged. */
  readonly steps: number;
  /** By the clock. */
  readonly seconds: number;
}

/** Runs programs until one fails, or a limit is reached. One that fails without the fault, too, does not count. */
export async function firstFailure({ target, stock, terms, draw, ...limits }: Search): Promise<FirstFailure> {
  const { seconds: maxSeconds, steps: maxSteps = Number.POSITIVE_INFINITY } = limits;
  const tally = new Tally();
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  let [programs, steps] = [0, 0];
  while (seconds() < maxSeconds && steps < maxSteps) {
    const answers = await target.run(Array.from({ length: BATCH }, (_, i) => draw(programs + i)));
    for (const answer of answers) {
      const judged = judgeAnswer(answer, terms, tally);
      programs++;
      steps += judged.steps;
      if (judged.violation && !(await failsWithoutFault(judged.trace.program, await stock(), terms)))
        return { judged, programs, steps, seconds: seconds() };
    }
  }
  return { judged: undefined, programs, steps, seconds: seconds() };
}
