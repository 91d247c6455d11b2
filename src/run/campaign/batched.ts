import type { Program } from '../../../reference/calls/valid.ts';
import { Stopped } from '../../common/stopped.ts';
import { type Judged, judgeAnswer } from '../../findings/execution.ts';
import { type Answer, TargetFailure } from '../../targets/target.ts';
import type { Times } from './options.ts';
import { Pace } from './pace.ts';
import type { CampaignState } from './state.ts';

/** Largest number of programs in a batch, and how long a batch should take. */
export const BATCH = { programs: 64, milliseconds: 500 };
/** Programs to remember as the history of the target. */
export const HISTORY_PROGRAMS = 2 * BATCH.programs;

/** Programs in flight to the target. */
interface Batch {
  readonly programs: readonly Program[];
  readonly sentAt: number;
  readonly answers: Promise<readonly Answer[]>;
  /** The answers and failures so far, at the indices of their programs. */
  readonly arrived: readonly (Answer | TargetFailure | undefined)[];
  /** Settles with the answers, and never rejects. */
  readonly settled: Promise<unknown>;
}

/** Runs the programs of a campaign on a target outside this process: it executes one batch while another is judged. */
export class BatchedLoop {
  readonly #state: CampaignState;
  readonly #draw: () => Program | undefined;
  #lastAnswerAt = 0;
  readonly #pace = new Pace(BATCH);
  /** Programs that were not answered before the time was over. */
  #unanswered = 0;
  /** What the target ran last. */
  #history: readonly Program[] = [];
  readonly #times: Times = { generating: 0, judging: 0, waiting: 0 };

  /** @param draw the next program to run; undefined when there are no more. */
  constructor(state: CampaignState, draw = () => state.draw()) {
    this.#state = state;
    this.#draw = draw;
    state.times = this.#times;
  }

  async run(): Promise<void> {
    let next = this.#send();
    while (next) {
      const batch = next;
      next = this.#send();
      try {
        await this.#take(batch, next);
      } catch (error) {
        this.#state.survive(error);
      }
      this.#state.report();
      if (this.#state.findings.bailed) break;
    }
    if (this.#unanswered > 0 && !this.#state.interrupted) this.#state.options.onUnanswered?.(this.#unanswered);
  }

  async #take(batch: Batch, inFlight: Batch | undefined): Promise<void> {
    const started = performance.now();
    const answers = await this.#answersOf(batch, inFlight ?? batch);
    const now = performance.now();
    this.#times.waiting += now - started;
    this.#pace.measured(now - Math.max(batch.sentAt, this.#lastAnswerAt), answers.length);
    this.#lastAnswerAt = now;
    this.#history = [...this.#history, ...batch.programs].slice(-HISTORY_PROGRAMS);
    await this.#judge(answers, inFlight ?? batch);
  }

  /**
   * The answers to a batch. If the target fails or the time is over, judges the answers that came before.
   * @throws what the target threw; its first failure if the time was over before all of them were known.
   */
  async #answersOf(batch: Batch, last: Batch): Promise<readonly Answer[]> {
    try {
      return await batch.answers;
    } catch (error) {
      if (!(error instanceof Stopped || error instanceof TargetFailure)) throw error;
      const arrived = batch.arrived.filter((one) => one !== undefined);
      if (error instanceof Stopped) this.#unanswered += batch.programs.length - arrived.length;
      const isFailure = (one: Answer | TargetFailure): one is TargetFailure => one instanceof TargetFailure;
      await this.#judge(arrived.filter((one) => !isFailure(one)) as Answer[], last);
      throw arrived.find(isFailure) ?? error;
    }
  }

  /** Judges answers, and shrinks what fails once the target has answered the last batch. */
  async #judge(answers: readonly Answer[], last: Batch): Promise<void> {
    const { meter, options } = this.#state;
    const context = { history: this.#history, idle: last.settled };
    const failures: unknown[] = [];
    for (const answer of answers) {
      // The budget of steps ends with a certain program, however many others were sent along with it.
      if (this.#state.ended) break;
      let judged: Judged;
      const started = performance.now();
      try {
        judged = judgeAnswer(answer, options.agreement.terms, meter.tally);
      } catch (error) {
        failures.push(error);
        continue;
      } finally {
        this.#times.judging += performance.now() - started;
      }
      await this.#state.take(judged, context);
    }
    for (const failure of failures) this.#state.survive(failure);
  }

  /** Sends the next batch; undefined when there is nothing left to run. */
  #send(): Batch | undefined {
    if (this.#state.over) return undefined;
    const { meter, source } = this.#state;
    const size = Math.min(this.#pace.fitting(meter.remaining), meter.maxPrograms - source.drawn);
    const programs: Program[] = [];
    const started = performance.now();
    while (programs.length < size) {
      const program = this.#draw();
      if (!program) break;
      programs.push(program);
    }
    this.#times.generating += performance.now() - started;
    if (programs.length === 0) return undefined;
    const arrived: (Answer | TargetFailure)[] = [];
    const answers = this.#state.options.target.run(programs, (index, answer) => {
      arrived[index] = answer;
    });
    // The loop sees a rejection when it awaits this batch; until then it must not count as unhandled.
    const settled = answers.catch(() => {});
    return { programs, sentAt: performance.now(), answers, arrived, settled };
  }
}
