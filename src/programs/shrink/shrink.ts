import type { Call } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import { CALLS } from '../../../reference/contract.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';
import { runNow, type Turns } from '../../common/event-loop.ts';
import type { Verdict } from './pass.ts';
import type { Schedules } from './reschedule.ts';
import { type BatchSizes, type PassCost, Search, type Settings, UNDECIDED } from './search.ts';

export interface ShrinkOptions {
  readonly traits: Traits;
  /** Page size in bytes; default 4096. */
  readonly page?: number;
  /** Calls that may replace others; default: all calls of the contract. */
  readonly calls?: readonly Call[];
  /** The key of the failure to keep: its clause, call and kind of outcome. */
  readonly key: string;
  /** Index of the failing step, if known. */
  readonly step?: number;
  /** Time limit; default: none. */
  readonly milliseconds?: number;
  /** Limit of programs to run; default: none. */
  readonly executions?: number;
  readonly signal?: AbortSignal;
  /** For intermittent failures: a program fails if it does so at least `needed` times of `of`. */
  readonly repeat?: { readonly needed: number; readonly of: number };
  /** Runs a program under other schedules of its blocks: for targets of this process that let the kit choose them. */
  readonly schedules?: Schedules;
  /** Called when a smaller program failed. */
  readonly onShrink?: (program: Program) => void;
  /** Called when a candidate failed in another way, once for each key. */
  readonly onOther?: (program: Program, key: string) => void;
}

/** Runs one program in this process. */
export type FailsNow = (program: Program) => Verdict;
/** Runs programs, each from a fresh start. The verdicts are in the order of the programs. */
export type Fails = (programs: readonly Program[]) => Promise<readonly (Verdict | typeof UNDECIDED)[]>;

export interface Shrunk {
  readonly program: Program;
  /** Programs that were run. */
  readonly executions: number;
  /** False if shrinking ended before everything was tried. */
  readonly complete: boolean;
  /** What each pass tried, and how much of it was adopted. */
  readonly passes: ReadonlyMap<string, PassCost>;
}

/** Programs that run in one batch: in this process; on a remote target; there, if each of them runs several times. */
const BATCH = {
  here: { first: 1, most: 1 },
  remote: { first: 4, most: 64 },
  repeated: { first: 16, most: 16 },
};

/** Counts executions, and tells when to stop. */
class Limits {
  executions = 0;
  readonly #options: ShrinkOptions;
  readonly #started = performance.now();

  constructor(options: ShrinkOptions) {
    this.#options = options;
  }

  over = (): boolean => {
    const { milliseconds = Number.POSITIVE_INFINITY, executions = Number.POSITIVE_INFINITY, signal } = this.#options;
    if (signal?.aborted || this.executions >= executions) return true;
    return milliseconds !== Number.POSITIVE_INFINITY && performance.now() - this.#started >= milliseconds;
  };
}

function settingsOf(options: ShrinkOptions, limits: Limits, batch: BatchSizes): Settings {
  const { traits, page = 4096, calls = CALLS, key, step, onShrink, onOther } = options;
  return {
    context: { traits, page, calls },
    key,
    batch,
    over: limits.over,
    ...(step === undefined ? {} : { step }),
    ...(onShrink ? { onShrink } : {}),
    ...(onOther ? { onOther } : {}),
  };
}

/** The verdict on a program that was run several times: the wanted failure if it came often enough. */
function agreed(verdicts: readonly Verdict[], key: string, needed: number): Verdict {
  const same = verdicts.filter((verdict) => verdict === key).length;
  return same >= needed ? key : verdicts.find((verdict) => verdict !== undefined && verdict !== key);
}

/** Counts every schedule as an execution. */
const counting = (schedules: Schedules, limits: Limits): Schedules =>
  function* (program, bound) {
    for (const scheduled of schedules(program, bound)) {
      limits.executions++;
      yield scheduled;
    }
  };

/** Shrinks a failing program with a target of this process, without a pause. */
export const shrinkNow = (program: Program, failsNow: FailsNow, options: ShrinkOptions): Shrunk =>
  runNow(shrinking(program, failsNow, options));

/** Shrinks a failing program with a target of this process; pauses after each program that was run. */
export function* shrinking(program: Program, failsNow: FailsNow, options: ShrinkOptions): Turns<Shrunk> {
  const limits = new Limits(options);
  const { key, repeat = { needed: 1, of: 1 } } = options;
  const verdict = (candidate: Program): Verdict => {
    const verdicts: Verdict[] = [];
    for (let failed = 0; verdicts.length < repeat.of && failed < repeat.needed; ) {
      limits.executions++;
      verdicts.push(failsNow(candidate));
      if (verdicts[verdicts.length - 1] === key) failed++;
      if (verdicts.length - failed > repeat.of - repeat.needed) break;
    }
    return agreed(verdicts, key, repeat.needed);
  };
  const counted = options.schedules && counting(options.schedules, limits);
  const settings = { ...settingsOf(options, limits, BATCH.here), ...(counted ? { schedules: counted } : {}) };
  const search = new Search(settings).run(program);
  let turn = search.next();
  while (!turn.done) {
    const verdicts = turn.value.map(verdict);
    yield;
    turn = search.next(verdicts);
  }
  return { ...turn.value, executions: limits.executions };
}

/** Shrinks a failing program with a target that runs programs in batches. */
export async function shrinkBatched(program: Program, fails: Fails, options: ShrinkOptions): Promise<Shrunk> {
  const limits = new Limits(options);
  const { key, repeat = { needed: 1, of: 1 } } = options;
  const batch = repeat.of > 1 ? BATCH.repeated : BATCH.remote;
  const search = new Search(settingsOf(options, limits, batch)).run(program);
  let turn = search.next();
  while (!turn.done) {
    const programs = turn.value;
    const seen: Verdict[][] = programs.map(() => []);
    const fail = (verdicts: readonly Verdict[]) => agreed(verdicts, key, repeat.needed) === key;
    // Run all candidates once in each round: an intermittent failure shows sooner than by repeating one candidate.
    for (let round = 0; round < repeat.of && !seen.some(fail) && !limits.over(); round++) {
      limits.executions += programs.length;
      const verdicts = await fails(programs);
      for (const [i, verdict] of verdicts.entries()) if (verdict !== UNDECIDED) seen[i].push(verdict);
    }
    turn = search.next(
      seen.map((verdicts) =>
        fail(verdicts) || verdicts.length === repeat.of ? agreed(verdicts, key, repeat.needed) : UNDECIDED,
      ),
    );
  }
  return { ...turn.value, executions: limits.executions };
}
