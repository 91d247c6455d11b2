import type { Program } from '../../../reference/calls/valid.ts';
import { candidates, type Place } from './candidates.ts';
import { measure } from './order.ts';
import type { Context, Verdict } from './pass.ts';
import { Rescheduling, type Schedules } from './reschedule.ts';

/** Not run often enough to say: another candidate failed first. */
export const UNDECIDED = Symbol('undecided');

type Verdicts = readonly (Verdict | typeof UNDECIDED)[];

export interface Settings {
  readonly context: Context;
  /** The failure that must stay the same. */
  readonly key: string;
  /** Programs that are run in one go. */
  readonly batch: number;
  /** True once time is up. */
  readonly over: () => boolean;
  /** The failing step, where it is known: everything after it is cut at once. */
  readonly step?: number;
  /** Runs a program under other schedules of its blocks. */
  readonly schedules?: Schedules;
  /** A smaller program failed. */
  readonly onShrink?: (program: Program) => void;
  /** Another failure was met on the way; once for each key. */
  readonly onOther?: (program: Program, key: string) => void;
}

/** What each pass has cost, and gained. */
export interface PassCost {
  tried: number;
  adopted: number;
}

export interface Minimum {
  readonly program: Program;
  /** False where the search was ended before it had tried everything. */
  readonly complete: boolean;
  readonly passes: ReadonlyMap<string, PassCost>;
}

/** Searches for the smallest program with the same failure. Yields programs to run; is to be given their verdicts. */
export class Search {
  readonly #settings: Settings;
  readonly #verdicts = new Map<string, Verdict>();
  readonly #others = new Set<string>();
  readonly #passes = new Map<string, PassCost>();

  readonly #rescheduling: Rescheduling | undefined;

  constructor(settings: Settings) {
    this.#settings = settings;
    const { schedules } = settings;
    this.#rescheduling = schedules && new Rescheduling({ ...settings, schedules });
  }

  *run(start: Program): Generator<readonly Program[], Minimum, Verdicts> {
    const { context } = this.#settings;
    let program = yield* this.#cut(start);
    let place: Place = { pass: program === start ? 0 : 1 };
    let complete = false;
    search: while (!complete) {
      const untried: { program: Program; place: Place; cost: PassCost }[] = [];
      for (const candidate of candidates(program, context, place)) {
        if (this.#settings.over()) break search;
        if (this.#known(candidate.program)) continue;
        untried.push({ ...candidate, cost: this.#cost(candidate.pass.name) });
        if (untried.length < this.#settings.batch) continue;
        const failing = yield* this.#first(untried.splice(0));
        if (failing) {
          ({ program, place } = failing);
          continue search;
        }
      }
      const failing = untried.length > 0 ? yield* this.#first(untried) : undefined;
      const next = failing ?? (yield* this.#rescheduled(program));
      if (next) ({ program, place } = next);
      else complete = !this.#settings.over();
    }
    return { program, complete, passes: this.#passes };
  }

  /** A smaller program under another schedule, where schedules can be chosen. */
  *#rescheduled(
    program: Program,
  ): Generator<readonly Program[], { program: Program; place: Place } | undefined, Verdicts> {
    if (!this.#rescheduling || program.blocks.length === 0) return undefined;
    const smaller = yield* this.#rescheduling.smaller(program);
    if (smaller) this.#settings.onShrink?.(smaller);
    return smaller && { program: smaller, place: { pass: 0 } };
  }

  /** The first of some candidates that fails in the same way. */
  *#first(batch: readonly { program: Program; place: Place; cost: PassCost }[]) {
    for (const { cost } of batch) cost.tried++;
    const failing = yield* this.#try(batch.map(({ program }) => program));
    if (failing < 0) return undefined;
    batch[failing].cost.adopted++;
    this.#settings.onShrink?.(batch[failing].program);
    return batch[failing];
  }

  /** The program without the steps after the failing one. */
  *#cut(program: Program): Generator<readonly Program[], Program, Verdicts> {
    const { step } = this.#settings;
    if (step === undefined || step + 1 >= program.steps.length || program.blocks.some(({ end }) => end > step + 1))
      return program;
    const short = { ...program, steps: program.steps.slice(0, step + 1) };
    return (yield* this.#try([short])) === 0 ? short : program;
  }

  /** Runs programs; which of them is the first that fails in the same way, or -1. */
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

  #known(program: Program): boolean {
    return this.#verdicts.has(this.#text(program));
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
