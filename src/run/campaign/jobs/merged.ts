import type { Program } from '../../../../reference/calls/valid.ts';
import { Stopped, within } from '../../../common/stopped.ts';
import { execute, executeDirect, type Judged, judgeAnswer } from '../../../findings/execution.ts';
import { TargetFailure } from '../../../targets/target.ts';
import { BATCH, BatchedLoop } from '../batched.ts';
import { runDirect } from '../direct.ts';
import type { CampaignOptions } from '../options.ts';
import { Pace } from '../pace.ts';
import { numbersOf, type Span } from '../source.ts';
import type { CampaignState } from '../state.ts';
import { Crew, type Ran } from './crew.ts';
import { fingerprint, type Odd, type Setup, unpackAnswer, unpackFailure } from './messages.ts';

/** Largest number of programs in a span, and how long a span should take: the campaign can end only between two of them. */
const SPAN = { direct: { programs: 512, milliseconds: 1000 }, remote: BATCH };

/**
 * Least number of programs in a span, unless fewer are left. Towards the end of the budget, spans shrink to this: then no
 * job waits long for the others, and few programs run that the budget no longer covers.
 */
const MIN_SPAN_PROGRAMS = 16;
/** Spans for each job into which the rest of the budget is divided. */
const SPANS_OF_REST = 2;

const runHere = (state: CampaignState, draw: () => Program | undefined): Promise<void> =>
  state.options.target.direct ? runDirect(state, draw) : new BatchedLoop(state, draw).run();

function setupOf(options: CampaignOptions): Setup {
  const { target, agreement, seed, cpus, frames, favour = [], goals = false } = options;
  const { length, warnings, parallel, chance } = options;
  return {
    spec: target.spec,
    profile: agreement.profile,
    traits: agreement.declared,
    seed,
    cpus,
    frames,
    favour: favour.map(({ id }) => id),
    goals,
    fingerprint: fingerprint(target.manifest),
    ...(length === undefined ? {} : { length }),
    ...(warnings === undefined ? {} : { warnings }),
    ...(parallel === undefined ? {} : { parallel }),
    ...(chance === undefined ? {} : { chance }),
  };
}

/**
 * Runs the random programs of a campaign in several threads, and everything else in this one. What the threads ran is
 * taken in the order of the programs. Programs that did not simply hold are judged again here, so findings and counts are
 * those of one thread.
 */
export class MergedLoop {
  readonly #state: CampaignState;
  readonly #crew: Crew;
  readonly #jobs: number;
  /** How fast a job runs programs. */
  readonly #pace: Pace;

  constructor(state: CampaignState, jobs: number) {
    this.#state = state;
    this.#jobs = jobs;
    const { direct } = state.options.target;
    this.#pace = new Pace(direct ? SPAN.direct : SPAN.remote);
    const closes = !direct;
    this.#crew = new Crew({ jobs, closes, setup: setupOf(state.options), nextSpan: () => this.#nextSpan() });
  }

  async run(): Promise<void> {
    try {
      await runHere(this.#state, () => this.#state.source.nextGiven());
      await this.#takeSpans();
    } finally {
      await this.#crew.end(this.#state.interrupted);
    }
  }

  async #takeSpans(): Promise<void> {
    const { stop, options } = this.#state;
    while (!this.#state.over) {
      let ran: Ran | undefined;
      try {
        ran = await (stop ? within(stop, () => this.#crew.next()) : this.#crew.next());
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
        return this.#countUnanswered();
      }
      const { unable } = this.#crew;
      if (unable && options.jobs !== 'auto')
        throw new TargetFailure(`${unable.message}; use one job: --jobs 1`, { log: unable.log, cause: unable });
      if (!ran) return runHere(this.#state, () => this.#state.draw());
      await this.#take(ran);
      this.#state.report();
    }
  }

  /** Programs that a target outside this process had not answered when the time was over. */
  #countUnanswered(): void {
    const { options, interrupted } = this.#state;
    const { programs } = this.#crew;
    if (!options.target.direct && programs > 0 && !interrupted) options.onUnanswered?.(programs);
  }

  /** The next programs for a thread: no more than the budget allows, as far as it is known. */
  #nextSpan(): Span | undefined {
    const { meter, source } = this.#state;
    if (this.#state.over) return undefined;
    // While given programs run, it is not known how many random ones the budget leaves.
    if (!source.givenOver && Number.isFinite(meter.maxPrograms)) return undefined;
    const stepsOfProgram = meter.programs > 0 ? meter.steps / meter.programs : 0;
    const steps = meter.maxSteps - meter.steps - this.#crew.programs * stepsOfProgram;
    if (steps <= 0) return undefined;
    const programs = meter.maxPrograms - source.drawn;
    const left = Math.min(programs, stepsOfProgram > 0 ? steps / stepsOfProgram : Number.POSITIVE_INFINITY);
    const share = Math.max(MIN_SPAN_PROGRAMS, Math.ceil(left / (this.#jobs * SPANS_OF_REST)));
    return source.reserve(Math.min(this.#pace.fitting(meter.remaining), share, programs));
  }

  async #take({ span, segments, milliseconds }: Ran): Promise<void> {
    const { meter } = this.#state;
    this.#pace.measured(milliseconds, span.count);
    const numbers = numbersOf(span);
    let at = 0;
    for (const { held, odd } of segments) {
      if (this.#state.ended) return;
      if (!meter.fits(held)) return this.#runAgain(numbers.slice(at, at + held.programs));
      if (held.programs > 0) meter.add(held);
      at += held.programs;
      if (!odd || this.#state.ended) continue;
      await this.#takeOdd(odd);
      at++;
    }
    await this.#runAgain(numbers.slice(at));
  }

  /** Runs programs here, one by one, up to the one that ends the campaign. */
  async #runAgain(numbers: readonly number[]): Promise<void> {
    const { options, meter, source } = this.#state;
    for (const number of numbers) {
      if (this.#state.ended) return;
      try {
        const [judged] = await execute(options.target, [source.random(number)], options.agreement.terms, meter.tally);
        await this.#state.take(judged);
      } catch (error) {
        if (options.target.direct) throw error;
        this.#state.survive(error);
      }
    }
  }

  /** Judges an odd program with the campaign's tally, and shrinks it if it fails. */
  async #takeOdd({ number, answer, failure, before }: Odd): Promise<void> {
    const { options, meter, source } = this.#state;
    const { terms } = options.agreement;
    const program = source.random(number);
    if (options.target.direct) return this.#state.take(executeDirect(options.target, program, terms, meter.tally));
    let judged: Judged;
    try {
      if (!answer) throw unpackFailure(failure!, source.random);
      judged = judgeAnswer(unpackAnswer(answer, program, source.random), terms, meter.tally);
    } catch (error) {
      return this.#state.survive(error);
    }
    await this.#state.take(judged, {
      get history(): Program[] {
        return [...before.map(source.random), program];
      },
      idle: Promise.resolve(),
    });
  }
}
