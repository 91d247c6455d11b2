import type { Run, Waiting } from '../../../fixtures/simulator/machine/run.ts';
import type { Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import { crash, type Outcome, TIMEOUT } from '../../../reference/notation/outcome.ts';
import type { Block, Interval } from '../../../reference/notation/program.ts';
import type { Chooser } from './schedule.ts';

/** A step that was started: its outcome, or the run that must end before there is one. */
export type Started = Outcome | Run<unknown>;

/** Executes steps that may be suspended. */
export interface Executor {
  start(step: Step): Started;
  /** The outcome of a step whose run has ended with this result. */
  finish(step: Step, result: unknown): Outcome;
}

/** The steps of one CPU in a parallel block, in order. */
class Lane {
  readonly cpu: number;
  readonly steps: number[] = [];
  /** Position in `steps` of the step that runs or comes next. */
  at = 0;
  /** The run of the step under way; undefined between two steps. */
  current: Run<unknown> | undefined;
  /** What the run waits for; undefined if it waits for nothing. */
  waiting: Waiting | undefined;
  /** Logical time at which the step under way was called. */
  called = 0;

  constructor(cpu: number) {
    this.cpu = cpu;
  }

  get done(): boolean {
    return this.at === this.steps.length;
  }

  get ready(): boolean {
    return !this.done && (this.waiting === undefined || this.waiting.ready());
  }
}

/** Runs the lanes of one parallel block. A chooser decides how they interleave. */
export class Lanes {
  readonly #lanes: Lane[] = [];
  /** The CPUs of all lanes. */
  readonly #cpus: readonly number[];
  /** The CPUs that could run at the last choice. One list for all choices takes no memory for each. */
  readonly #readyNow: number[] = [];
  readonly #program: Program;
  readonly #executor: Executor;
  readonly #outcomes: Outcome[];
  readonly #times: (Interval | undefined)[];
  /** Logical time: advances by 1 at each call and each return. */
  #clock = 0;

  constructor(
    program: Program,
    block: Block,
    executor: Executor,
    outcomes: Outcome[],
    times: (Interval | undefined)[],
  ) {
    this.#program = program;
    this.#executor = executor;
    this.#outcomes = outcomes;
    this.#times = times;
    for (let i = block.start; i < block.end; i++) this.#laneOf(program.steps[i].cpu).steps.push(i);
    this.#lanes.sort((a, b) => a.cpu - b.cpu);
    this.#cpus = this.#lanes.map(({ cpu }) => cpu);
  }

  /** The lane of a CPU. Makes it if the CPU has none yet. */
  #laneOf(cpu: number): Lane {
    for (const lane of this.#lanes) if (lane.cpu === cpu) return lane;
    const lane = new Lane(cpu);
    this.#lanes.push(lane);
    return lane;
  }

  /** Runs all lanes to their ends, or until every one that is left waits. */
  run(chooser: Chooser): void {
    let last = -1;
    for (;;) {
      let first: Lane | undefined;
      let ready = 0;
      for (const lane of this.#lanes) {
        if (!lane.ready) continue;
        first ??= lane;
        ready++;
      }
      if (first === undefined) break;
      const lane = ready === 1 ? first : (this.#chosen(chooser, ready, last) ?? first);
      last = lane.cpu;
      this.#advance(lane);
    }
    for (const lane of this.#lanes) if (!lane.done) this.#return(lane, TIMEOUT);
  }

  /** The lane that the chooser chooses among the `ready` ones that can run; undefined if it chooses another. */
  #chosen(chooser: Chooser, ready: number, last: number): Lane | undefined {
    // Mostly all of them can run.
    const choice = chooser.next(ready === this.#lanes.length ? this.#cpus : this.#readyCpus(), last);
    for (const lane of this.#lanes) if (lane.cpu === choice && lane.ready) return lane;
    return undefined;
  }

  #readyCpus(): readonly number[] {
    const cpus = this.#readyNow;
    cpus.length = 0;
    for (const lane of this.#lanes) if (lane.ready) cpus.push(lane.cpu);
    return cpus;
  }

  /** Runs a lane up to its next point of suspension, starting its next step if none is under way. */
  #advance(lane: Lane): void {
    lane.waiting = undefined;
    try {
      const step = this.#program.steps[lane.steps[lane.at]];
      if (lane.current === undefined) {
        lane.called = ++this.#clock;
        const started = this.#executor.start(step);
        if ('kind' in started) return this.#return(lane, started);
        lane.current = started;
      }
      const { done, value } = lane.current.next();
      if (done) this.#return(lane, this.#executor.finish(step, value));
      else if (typeof value !== 'string') lane.waiting = value as Waiting;
    } catch (error) {
      this.#return(lane, crash(error instanceof Error ? error.message : String(error)));
    }
  }

  #return(lane: Lane, outcome: Outcome): void {
    const step = lane.steps[lane.at];
    this.#outcomes[step] = outcome;
    this.#times[step] = { called: lane.called, returned: ++this.#clock };
    lane.current = undefined;
    // A lane ends with a step that crashed or hung.
    lane.at = outcome.kind === 'crash' || outcome.kind === 'timeout' ? lane.steps.length : lane.at + 1;
  }
}
