import type { Worker } from 'node:worker_threads';
import { ownThread } from '../../../common/package.ts';
import { TargetFailure } from '../../../targets/target.ts';
import type { Span } from '../source.ts';
import type { FromJob, Setup, ToJob } from './messages.ts';

/** Largest number of spans that a job has: the one that it runs, and some more, so that it does not wait for the campaign. */
const MAX_SPANS_OF_JOB = 3;
/** Largest number of spans for each job that the campaign has not taken yet: it may be shrinking. */
const MAX_SPANS_AHEAD = 8;
/** How long the jobs may take to close their targets, in milliseconds: usually, and after a signal. */
const MAX_ENDING_MS = { usual: 2000, interrupted: 300 };

/** What became of a span. */
export type Ran = Extract<FromJob, { readonly kind: 'ran' }>;

interface Job {
  readonly worker: Worker;
  readonly exited: Promise<unknown>;
  state: 'starting' | 'ready' | 'gone';
  /** Spans that were given to it and have not run. */
  spans: number;
}

interface CrewOptions {
  readonly jobs: number;
  readonly setup: Setup;
  /** Whether the targets of the jobs have processes, which must end before the threads do. */
  readonly closes: boolean;
  /** The next span to run; undefined if there is nothing to run now. */
  readonly nextSpan: () => Span | undefined;
}

/** The threads of a campaign. They run spans, and the campaign takes what they ran in the order of the programs. */
export class Crew {
  readonly #options: CrewOptions;
  readonly #jobs: readonly Job[];
  /** The spans that were given out and not taken, in order, with what became of them. */
  readonly #given: { readonly span: Span; ran?: Ran }[] = [];
  /** Why a job could not open its target; undefined if all could. */
  unable: TargetFailure | undefined;
  #failure: unknown;
  /** Continues `next`. */
  #wake: () => void = () => {};

  constructor(options: CrewOptions) {
    this.#options = options;
    this.#jobs = Array.from({ length: options.jobs }, () => this.#start());
  }

  /** Programs that were given out and not taken. */
  get programs(): number {
    return this.#given.reduce((sum, { span }) => sum + span.count, 0);
  }

  /**
   * Gives out spans as long as there are any, and waits for the oldest.
   * @returns undefined if there is nothing to run, or no thread that can run it.
   * @throws what ended a thread.
   */
  async next(): Promise<Ran | undefined> {
    for (;;) {
      this.#feed();
      if (this.#failure) throw this.#failure;
      const [oldest] = this.#given;
      if (oldest?.ran) {
        this.#given.shift();
        return oldest.ran;
      }
      if (!oldest && !this.#jobs.some(({ state }) => state === 'starting')) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Ends all threads, and what they started. `interrupted`: a signal asks for it, so the command must end soon. */
  async end(interrupted: boolean): Promise<void> {
    if (this.#options.closes) await this.#closeTargets(interrupted ? MAX_ENDING_MS.interrupted : MAX_ENDING_MS.usual);
    await Promise.all(this.#jobs.map(({ worker }) => worker.terminate()));
  }

  async #closeTargets(milliseconds: number): Promise<void> {
    for (const { worker } of this.#jobs) worker.postMessage('end' satisfies ToJob);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    await Promise.race([Promise.all(this.#jobs.map(({ exited }) => exited)), late]);
    clearTimeout(timer);
  }

  #start(): Job {
    const worker = ownThread('src/run/campaign/jobs/worker', this.#options.setup);
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    const job: Job = { worker, exited, state: 'starting', spans: 0 };
    worker.on('message', (message: FromJob) => this.#hear(job, message));
    worker.on('error', (error) => {
      this.#failure ??= error;
    });
    void exited.then((code) => {
      if (job.state !== 'gone' && code !== 0) this.#failure ??= new Error(`a job ended with code ${code}`);
      job.state = 'gone';
      this.#wake();
    });
    return job;
  }

  #hear(job: Job, message: FromJob): void {
    switch (message.kind) {
      case 'ready':
        job.state = 'ready';
        break;
      case 'unable':
        job.state = 'gone';
        this.unable ??= new TargetFailure(message.message, { log: message.log });
        break;
      case 'ran': {
        job.spans--;
        const given = this.#given.find(({ span }) => span.from === message.span.from);
        if (given) given.ran = message;
      }
    }
    this.#feed();
    this.#wake();
  }

  /** Gives out spans, first to the job that has the fewest. */
  #feed(): void {
    while (this.#given.length < MAX_SPANS_AHEAD * this.#jobs.length) {
      const ready = this.#jobs.filter(({ state, spans }) => state === 'ready' && spans < MAX_SPANS_OF_JOB);
      if (ready.length === 0) return;
      const span = this.#options.nextSpan();
      if (!span) return;
      const job = ready.reduce((least, one) => (one.spans < least.spans ? one : least));
      job.spans++;
      this.#given.push({ span });
      job.worker.postMessage(span satisfies ToJob);
    }
  }
}
