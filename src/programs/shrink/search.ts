import type { Program } from '../../../reference/calls/valid.ts';
import { candidates, type Place } from './candidates.ts';
import { measure } from './order.ts';
import type { Context, Verdict } from './pass.ts';
import { Rescheduling, type Schedules } from './reschedule.ts';

/** The verdict on a program that was not run often enough, because another candidate failed first. */
export const UNDECIDED = Symbol('undecided');

type Verdicts = readonly (Verdict | typeof UNDECIDED)[];

/**
 * How many programs run in one batch: `first` after a candidate was adopted, as one of the next few is likely to fail as
 * well; then twice as many each time, up to `most`, as each batch costs a round trip.
 */
export interface BatchSizes {
  readonly first: number;
  readonly most: number;
}

export interface Settings {
  readonly context: Context;
  /** The key of the failure to keep. */
  readonly key: string;
  readonly batch: BatchSizes;
  /** True once the time is up. */
  readonly over: () => boolean;
  /** The failing step, if known: the steps after it are cut off first. */
  readonly step?: number;
  /** Runs a program under other schedules of its blocks. */
  readonly schedules?: Schedules;
  /** Called when a smaller program failed. */
  readonly onShrink?: (program: Program) => void;
  /** Called when a candidate failed in another way, once for each key. */
  readonly onOther?: (program: Program, key: string) => void;
}

/** Candidates of a pass that were tried, and that were adopted because they failed in the same way. */
export interface PassCost {
  tried: number;
  adopted: number;
}

export interface Minimum {
  readonly program: Program;
  /** False if the search ended before it had tried everything. */
  readonly complete: boolean;
  readonly passes: ReadonlyMap<string, PassCost>;
}

/** A candidate that was not run yet. */
interface Untried {
  readonly program: Program;
  readonly place: Place;
  readonly cost: PassCost;
}

/** Searches for the smallest program with the same failure. Yields programs to run, and expects their verdicts. */
export class Search {
  readonly #settings: Settings;
  /** Verdicts by the text of the program, so that no program is run twice. */
  readonly #verdicts = new Map<string, Verdict>();
  /** Keys of other failures that were reported. */
  readonly #others = new Set<string>();
  readonly #passes = new Map<string, PassCost>();
  readonly #rescheduling: Rescheduling | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    const { schedules } = settings;
    this.#rescheduling = schedules && new Rescheduling({ ...settings, schedules });
  }

  *run(start: Program): Generator<readonly Program[], Minimum, Verdicts> {
    let program = yield* this.#cut(start);
    let place: Place = { pass: program === start ? 0 : 1 };
    for (;;) {
      const next = (yield* this.#smaller(program, place)) ?? (yield* this.#rescheduled(program));
      if (!next || next === 'over') return { program, complete: !this.#settings.over(), passes: this.#passes };
      ({ program, place } = next);
    }
  }

  /** The first candidate that fails in the same way; 'over' if the time is up before all of them were proposed. */
  *#smaller(program: Program, place: Place): Generator<readonly Program[], Untried | 'over' | undefined, Verdicts> {
    const { context, key, batch, over } = this.#settings;
    const untried: Untried[] = [];
    let size = batch.first;
    for (const candidate of candidates(program, context, place)) {
      if (over()) return 'over';
      const text = this.#text(candidate.program);
      const fails = this.#verdicts.get(text) === key;
      if (!fails && this.#verdicts.has(text)) continue;
      const one = { ...candidate, cost: this.#cost(candidate.pass.name) };
      // It failed in an earlier batch behind the one that was adopted. Those before it still come first.
      if (fails) return (yield* this.#firstFailing(untried)) ?? this.#adopt(one);
      untried.push(one);
      if (untried.length < size) continue;
      size = Math.min(2 * size, batch.most);
      const failing = yield* this.#firstFailing(untried.splice(0));
      if (failing) return failing;
    }
    return yield* this.#firstFailing(untried);
  }

  /** A smaller program under another schedule, if schedules can be chosen. */
  *#rescheduled(
    program: Program,
  ): Generator<readonly Program[], { program: Program; place: Place } | undefined, Verdicts> {
    if (!this.#rescheduling || program.blocks.length === 0) return undefined;
    const smaller = yield* this.#rescheduling.smaller(program);
    if (smaller) this.#settings.onShrink?.(smaller);
    return smaller && { program: smaller, place: { pass: 0 } };
  }

  /** The first of some candidates that fails in the same way. */
  *#firstFailing(batch: readonly Untried[]): Generator<readonly Program[], Untried | undefined, Verdicts> {
    if (batch.length === 0) return undefined;
    for (const { cost } of batch) cost.tried++;
    const failing = yield* this.#try(batch.map(({ program }) => program));
    return failing < 0 ? undefined : this.#adopt(batch[failing]);
  }

  #adopt(candidate: Untried): Untried {
    candidate.cost.adopted++;
    this.#settings.onShrink?.(candidate.program);
    return candidate;
  }

  /** The program without the steps after the failing one, if it still fails. */
  *#cut(program: Program): Generator<readonly Program[], Program, Verdicts> {
    const { step } = this.#settings;
    if (step === undefined || step + 1 >= program.steps.length || program.blocks.some(({ end }) => end > step + 1))
      return program;
    const short = { ...program, steps: program.steps.slice(0, step + 1) };
    return (yield* this.#try([short])) === 0 ? short : program;
  }

  /** Runs programs. Returns the position of the first one that fails in the same way, or -1. */
  *#try(programs: readonly Program[]): Generator<readonly Program[], number, Verdicts> {
    const verdicts = yield programs;
    programs.forEach((program, i) => {
      const verdict = verdicts[i];
      if (verdict === UNDECIDED) return;
      this.#verdicts.set(this.#text(program), verdict);
      this.#report(program, verdict);
    });
    return verdicts.indexOf(this.#settings.key);
  }

  #text(program: Program): string {
    return measure(program, this.#settings.context.page).text;
  }

  #cost(pass: string): PassCost {
    let cost = this.#passes.get(pass);
    if (!cost) this.#passes.set(pass, (cost = { tried: 0, adopted: 0 }));
    return cost;
  }

  #report(program: Program, key: Verdict): void {
    if (key === undefined || key === this.#settings.key || this.#others.has(key)) return;
    this.#others.add(key);
    this.#settings.onOther?.(program, key);
  }
}
