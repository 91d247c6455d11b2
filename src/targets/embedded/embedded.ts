import type { Implementation } from '../../../fixtures/simulator/implementations/implementation.ts';
import { drain } from '../../../fixtures/simulator/machine/run.ts';
import type { Step } from '../../../reference/calls/call.ts';
import { VOCABULARY } from '../../../reference/calls/index.ts';
import { undefinedSparse } from '../../../reference/calls/kernel/sparse.ts';
import { runsIn } from '../../../reference/calls/spaces.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import type { Trace } from '../../../reference/judge/judge.ts';
import { CALL_NAMES, type CallName } from '../../../reference/notation/names.ts';
import { crash, type Outcome, SKIPPED, TIMEOUT, UNSUPPORTED } from '../../../reference/notation/outcome.ts';
import type { Block, Interval } from '../../../reference/notation/program.ts';
import { profileNamed } from '../../../reference/profiles/profiles.ts';
import { withTraits } from '../../../reference/profiles/traits.ts';
import { parseSupport, type Support, supports } from '../support.ts';
import type { DirectTarget, Manifest } from '../target.ts';
import { cleanUp } from './clean-up.ts';
import type { AnyHandler, Handler } from './handler.ts';
import { KERNEL } from './kernel.ts';
import { type Executor, Lanes, type Started } from './lanes.ts';
import { OBSERVE } from './observe.ts';
import { type Chooser, FixedSchedule, parseSchedule, printSchedule, Recorder, RoundRobin } from './schedule.ts';
import { PAGE, Session, toNotation } from './session.ts';
import { USER } from './user.ts';

/** The handler of each call: the simulator has them all. */
const HANDLERS: Readonly<Record<CallName, AnyHandler>> = {
  ...KERNEL,
  ...USER,
  ...OBSERVE,
} satisfies { readonly [N in CallName]: Handler<N> };
/** The same by the position of the call in `CALL_NAMES`. */
const BY_POSITION: readonly AnyHandler[] = CALL_NAMES.map((name) => HANDLERS[name]);

/** The abilities of every implementation. */
const ABILITIES = [
  'reread',
  'counts',
  'parallel',
  'schedule',
  'fail_after',
  'leaks',
  'allocated_pages',
  'area_pages',
  'area_page_lists',
  'vmap_flags',
];

/** How many CPUs and frames a program may use. */
const MAX_CPUS = 8;
const MAX_FRAMES = 0x1_0000;

/** Whether callers must flush: only then there is `flush_tlb`. */
const flushesByCaller = ({ traits }: Implementation): boolean =>
  traits.tlb === 'caller' || traits.user_tlb === 'caller';

/** The calls on sparse areas. */
const SPARSE: ReadonlySet<string> = new Set(
  [...VOCABULARY.values()]
    .filter(
      ({ origin, parameters }) => origin === 'sparse' || parameters.some(({ origins }) => origins?.includes('sparse')),
    )
    .map(({ name }) => name),
);

/** Whether an implementation has a call: `flush_tlb` if callers must flush, and sparse areas if its traits define them. */
function hasCall(implementation: Implementation, call: string): boolean {
  if (call === 'flush_tlb') return flushesByCaller(implementation);
  if (!SPARSE.has(call)) return true;
  const { profile, traits } = implementation;
  return undefinedSparse({ traits: withTraits(profileNamed(profile).traits, Object.entries(traits)) }) === undefined;
}

function manifestOf(implementation: Implementation): Manifest {
  const { name, profile, traits, kernel, user, sizes } = implementation;
  const flushes = flushesByCaller(implementation);
  const span = ({ start, end }: { start: number; end: number }) => ({
    start: toNotation(start),
    end: toNotation(start) + end - start,
  });
  return {
    name,
    profile,
    traits: new Map(Object.entries(traits)),
    cpus: MAX_CPUS,
    frames: MAX_FRAMES,
    page: PAGE,
    windows: new Map([
      ['kernel', span(kernel.window)],
      ['user', span(user.window)],
    ]),
    calls: new Set(Object.keys(HANDLERS).filter((call) => hasCall(implementation, call))),
    can: new Set([...ABILITIES, ...(flushes ? ['flush_tlb'] : []), ...(traits.user_tlb === 'caller' ? [] : ['fork'])]),
    steps: Number.POSITIVE_INFINITY,
    sizes,
    support: new Map(
      Object.entries(implementation.support ?? {}).map(([name, words]) => [
        name,
        parseSupport(VOCABULARY.get(name)!, words),
      ]),
    ),
  };
}

/** Runs an implementation on the simulated machine, in this process. The same program always runs the same way. */
export class EmbeddedTarget implements DirectTarget {
  readonly manifest: Manifest;
  readonly schedulable = true;
  readonly #session: Session;
  /** By the position of the call: what is supported of it; undefined if all. Empty if every call is supported. */
  readonly #supports: readonly (Support | undefined)[];
  /** Executes the steps of parallel blocks. */
  readonly #executor: Executor = {
    start: (step) => this.#start(step),
    finish: (step, result) => this.#finish(step, result),
  };

  constructor(implementation: Implementation) {
    this.manifest = manifestOf(implementation);
    const { support } = this.manifest;
    this.#supports = support?.size ? CALL_NAMES.map((name) => support.get(name)) : [];
    this.#session = new Session(implementation);
  }

  execute(program: Program): Outcome[] {
    if (program.blocks.length > 0) return this.executeTrace(program).outcomes as Outcome[];
    this.#session.begin(program);
    const outcomes: Outcome[] = [];
    this.#sequence(program, 0, program.steps.length, outcomes);
    return outcomes;
  }

  /**
   * Executes one program from scratch. The trace has the logical times of its parallel blocks. A block is interleaved
   * by its attribute `schedule`, or round robin if it has none. A `chooser` overrides both; its choices become the
   * attribute `schedule` of the blocks in the trace's program.
   */
  executeTrace(program: Program, chooser?: Chooser): Trace {
    const { machine } = this.#session;
    this.#session.begin(program);
    const outcomes: Outcome[] = [];
    if (program.blocks.length === 0) {
      this.#sequence(program, 0, program.steps.length, outcomes);
      return this.#withLeaks({ program, outcomes });
    }
    const times: (Interval | undefined)[] = new Array(program.steps.length).fill(undefined);
    const blocks: Block[] = [];
    let at = 0;
    let going = true;
    for (const block of program.blocks) {
      going &&= this.#sequence(program, at, block.start, outcomes);
      at = block.end;
      if (!going) blocks.push(block);
      else {
        machine.preemptible = true;
        this.#session.enter(-1);
        const recorder = chooser && new Recorder(chooser);
        new Lanes(program, block, this.#executor, outcomes, times).run(recorder ?? chooserOf(block));
        machine.preemptible = false;
        blocks.push(recorder ? withSchedule(block, recorder.choices) : block);
        going = cutAfterFailure(outcomes, block);
      }
    }
    if (going) this.#sequence(program, at, program.steps.length, outcomes);
    times.length = outcomes.length;
    return this.#withLeaks({ program: chooser ? { ...program, blocks } : program, outcomes, times });
  }

  /** Undoes what the program of a trace did. Adds what is left over, if anything. */
  #withLeaks(trace: Trace): Trace {
    const whole = this.manifest.traits.get('unmap_interior') === 'whole';
    const leaks = cleanUp(this.#session, trace.program.steps, trace.outcomes, whole);
    return leaks.length > 0 ? { ...trace, leaks } : trace;
  }

  /** Begins a program from scratch. Returns a function that executes one step of it, for callers that have no programs. */
  stepwise(cpus: number, frames: number): (step: Step) => Outcome {
    this.#session.begin({ cpus, frames, steps: [], blocks: [] });
    return (step) => {
      const outcomes: Outcome[] = [];
      this.#sequence({ cpus, frames, steps: [step], blocks: [] }, 0, 1, outcomes);
      return outcomes[0];
    };
  }

  /** Executes the steps `[from, to)` in order. Returns false if one crashed. */
  #sequence(program: Program, from: number, to: number, outcomes: Outcome[]): boolean {
    const session = this.#session;
    const { steps } = program;
    for (let i = from; i < to; i++) {
      const step = steps[i];
      const handler = BY_POSITION[step.call.position];
      if (step.call.inAt >= 0 || session.inChild) session.enter(runsIn(step));
      if (!session.bound(step)) outcomes.push(SKIPPED);
      else if (this.#refuses(step)) outcomes.push(UNSUPPORTED);
      else {
        try {
          if (handler.now !== undefined) outcomes.push(handler.now(session, step));
          else if (handler.run !== undefined) outcomes.push(drain(handler.run(session, step)));
          else outcomes.push(handler.end(session, step, drain(handler.begin(session, step))));
        } catch (error) {
          outcomes.push(crash(error instanceof Error ? error.message : String(error)));
          return false;
        }
      }
    }
    return true;
  }

  /** Whether the implementation declares that it does not support the step. */
  #refuses(step: Step): boolean {
    if (this.#supports.length === 0) return false;
    const support = this.#supports[step.call.position];
    return support !== undefined && !supports(support, step, PAGE);
  }

  /** Starts one step of a parallel block. */
  #start(step: Step): Started {
    const session = this.#session;
    const handler = BY_POSITION[step.call.position];
    if (!session.bound(step)) return SKIPPED;
    if (this.#refuses(step)) return UNSUPPORTED;
    if (handler.now !== undefined) return handler.now(session, step);
    if (handler.run !== undefined) return handler.run(session, step);
    return handler.begin(session, step);
  }

  /** The outcome of a step of a parallel block whose run has ended. */
  #finish(step: Step, result: unknown): Outcome {
    const handler = BY_POSITION[step.call.position];
    const isOutcome = handler.now !== undefined || handler.run !== undefined;
    return isOutcome ? (result as Outcome) : handler.end(this.#session, step, result as number);
  }
}

/** The chooser that interleaves a block as its attributes say. */
function chooserOf(block: Block): Chooser {
  const schedule = block.attributes.get('schedule');
  return schedule === undefined ? new RoundRobin() : new FixedSchedule(parseSchedule(schedule));
}

const withSchedule = (block: Block, choices: readonly number[]): Block => ({
  ...block,
  attributes: new Map([...block.attributes, ['schedule', printSchedule(choices)]]),
});

/** Cuts the outcomes after the first step of the block that crashed or hung. Returns false if there is one. */
function cutAfterFailure(outcomes: Outcome[], block: Block): boolean {
  for (let i = block.start; i < block.end; i++) {
    const kind = outcomes[i]?.kind;
    if (kind !== undefined && kind !== 'crash' && kind !== 'timeout') continue;
    if (kind === undefined) outcomes[i] = TIMEOUT;
    outcomes.length = i + 1;
    return false;
  }
  return true;
}
