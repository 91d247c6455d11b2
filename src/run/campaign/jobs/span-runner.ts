import type { Program } from '../../../../reference/calls/valid.ts';
import { Tally } from '../../../../reference/clauses/tally.ts';
import { executeDirect, type Judged, judgeAnswer } from '../../../findings/execution.ts';
import type { Agreement } from '../../../targets/agreement.ts';
import type { OpenTarget } from '../../../targets/open.ts';
import { type Answer, TargetFailure } from '../../../targets/target.ts';
import { HISTORY_PROGRAMS } from '../batched.ts';
import { Counts } from '../counts.ts';
import { numbersOf, type Span } from '../source.ts';
import { type Odd, packAnswer, packFailure, type Segment } from './messages.ts';

/** A span ends early after this many odd programs: the campaign runs the rest itself. */
const MAX_ODD = 64;

interface SpanRunnerOptions {
  readonly target: OpenTarget;
  readonly agreement: Agreement;
  /** Draws the random program of a number. */
  readonly draw: (number: number) => Program;
  /** Count the goals of a gate. */
  readonly goals: boolean;
}

/** Draws, executes and judges spans of random programs: the work of a job. */
export class SpanRunner {
  readonly #options: SpanRunnerOptions;
  /** The numbers of programs that were sent. */
  readonly #numbers = new WeakMap<Program, number>();
  /** The numbers of the programs that the target ran last. */
  #history: number[] = [];

  constructor(options: SpanRunnerOptions) {
    this.#options = options;
  }

  /**
   * Runs the programs of a span. May be called again before it has returned.
   * @returns what they exercised; an odd one is not counted. The segments cover fewer programs than the span if many are
   * odd.
   */
  run(span: Span): Promise<Segment[]> {
    return this.#options.target.direct ? Promise.resolve(this.#runDirect(span)) : this.#runRemote(span);
  }

  #runDirect(span: Span): Segment[] {
    const { target, agreement, draw } = this.#options;
    const segments = this.#segments();
    for (const number of numbersOf(span)) {
      if (segments.over) break;
      const program = draw(number);
      // The campaign's target gives the same answer, or fails in the same way.
      segments.add(
        (tally) => executeDirect(target, program, agreement.terms, tally),
        () => ({ number, before: [] }),
      );
    }
    return segments.end();
  }

  async #runRemote(span: Span): Promise<Segment[]> {
    const { target, agreement, draw } = this.#options;
    const numbers = numbersOf(span);
    const programs = numbers.map(draw);
    for (const [i, program] of programs.entries()) this.#numbers.set(program, numbers[i]);
    const before = this.#history;
    this.#history = [...before, ...numbers].slice(-HISTORY_PROGRAMS);
    const arrived: (Answer | TargetFailure)[] = [];
    try {
      await target.run(programs, (i, answer) => {
        arrived[i] = answer;
      });
    } catch (error) {
      if (!(error instanceof TargetFailure)) throw error;
    }
    const segments = this.#segments();
    const numberOf = (program: Program): number | undefined => this.#numbers.get(program);
    for (const [i, number] of numbers.entries()) {
      if (segments.over) break;
      const answer = arrived[i];
      segments.add(
        (tally) => {
          if (answer instanceof TargetFailure) throw answer;
          return judgeAnswer(answer, agreement.terms, tally);
        },
        () => ({
          number,
          before: [...before, ...numbers.slice(0, i)].slice(-HISTORY_PROGRAMS),
          ...(answer instanceof TargetFailure
            ? { failure: packFailure(answer, numberOf) }
            : { answer: packAnswer(answer, programs[i], numberOf) }),
        }),
      );
    }
    return segments.end();
  }

  #segments(): Segments {
    const { target, goals } = this.#options;
    return new Segments(() => new Counts(target.manifest, goals));
  }
}

/** The segments of a span, while it runs. */
class Segments {
  readonly #done: Segment[] = [];
  readonly #newCounts: () => Counts;
  #counts: Counts;

  constructor(newCounts: () => Counts) {
    this.#newCounts = newCounts;
    this.#counts = newCounts();
  }

  /** There are too many odd programs. */
  get over(): boolean {
    return this.#done.length >= MAX_ODD;
  }

  /**
   * Counts a program if it holds. Otherwise, or if judging it fails, describes it with `describe`.
   * @param run executes and judges it; what it exercises goes into the given tally, in the same way each time.
   */
  add(run: (tally: Tally) => Judged, describe: () => Odd): void {
    const { tally } = this.#counts;
    const judged = attempt(run, tally);
    if (judged && !judged.violation) return this.#counts.count(judged);
    // The campaign's own thread will count what the odd program exercises.
    const exercised = new Tally();
    attempt(run, exercised);
    tally.add(exercised, -1);
    this.#done.push({ held: this.#counts.snapshot, odd: describe() });
    this.#counts = this.#newCounts();
  }

  end(): Segment[] {
    return [...this.#done, { held: this.#counts.snapshot }];
  }
}

/** Undefined if the run fails: the campaign's own thread gets the same error, and reports it. */
function attempt(run: (tally: Tally) => Judged, tally: Tally): Judged | undefined {
  try {
    return run(tally);
  } catch {
    return undefined;
  }
}
