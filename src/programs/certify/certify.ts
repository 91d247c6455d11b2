import type { Program } from '../../../reference/calls/valid.ts';
import { CALLS } from '../../../reference/contract.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';
import { runNow, type Turns } from '../../common/event-loop.ts';
import { compare, type Fails, type FailsNow, type Schedules, UNDECIDED } from '../shrink/index.ts';
import { unscheduled } from '../shrink/reschedule.ts';
import { alphabetOf, widened } from './alphabet.ts';
import { type Certificate, certificateText, overlapText } from './certificate.ts';
import { Enumeration, type Written } from './enumerate.ts';
import { partsOf } from './parts.ts';

export interface CertifyOptions {
  readonly traits: Traits;
  /** Page size in bytes. */
  readonly page: number;
  /** The failure that must be the same. */
  readonly key: string;
  /** The call that fails. */
  readonly call: string;
  /** Programs to run at most, and time to take at most. */
  readonly programs: number;
  readonly milliseconds: number;
  readonly signal?: AbortSignal;
  /** Runs a program under every schedule of its blocks: for targets of this process that can be told. */
  readonly schedules?: Schedules;
}

export interface Certified {
  /** The counterexample, or a smaller program that fails in the same way. */
  readonly program: Program;
  readonly certificate: Certificate;
}

type Verdict = string | undefined;

/** Where a search stands. */
interface Progress {
  tried: number;
  /** Those that were tried to certify, all of them shorter than what is certified. */
  shorter: number;
  /** All programs of up to so many steps were tried. */
  steps: number;
}

/** The most preemptions of the schedules that a program with blocks is tried under. */
const PREEMPTIONS = 2;
/** Programs that are sent to a remote target in one go. */
const BATCH = 64;

/**
 * Tries every shorter program over a counterexample's own calls and arguments, then every equally long one that comes
 * before it in the order. Yields programs to run; is to be given their verdicts.
 */
class Certifying {
  readonly #options: CertifyOptions;
  readonly #batch: number;
  readonly #until: number;
  readonly #progress: Progress = { tried: 0, shorter: 0, steps: 0 };

  constructor(options: CertifyOptions, batch: number) {
    this.#options = options;
    this.#batch = batch;
    this.#until = performance.now() + options.milliseconds;
  }

  *run(start: Program): Generator<readonly Program[], Certified, readonly Verdict[]> {
    if (start.blocks.length > 0) return yield* this.#overlapping(start);
    let program = start;
    let certified = false;
    // First over its own alphabet, which is what is certified; what is left of the budget goes to a wider one.
    for (let wide = false; ; wide = certified) {
      const enumeration = this.#enumeration(program, wide);
      const { steps, tried } = this.#progress;
      const shorter = yield* this.#shorter(program, enumeration);
      if (wide) this.#progress.steps = steps;
      if (shorter === 'over') return this.#result(program, certified);
      certified = shorter === undefined;
      // What is certified is that nothing shorter fails, and so much was tried for that; the rest is a search for less.
      if (certified && !wide) this.#progress.shorter = this.#progress.tried - tried;
      const smaller = shorter ?? (yield* this.#least(enumeration, program.steps.length, program));
      if (smaller === 'over') return this.#result(program, certified);
      if (smaller === undefined && wide) return this.#result(program, certified);
      program = smaller ?? program;
    }
  }

  /** Tries what is left without some steps, under every schedule, then every program that is no longer and has no blocks. */
  *#overlapping(start: Program): Generator<readonly Program[], Certified, readonly Verdict[]> {
    const part = yield* this.#part(start);
    if (part) return yield* this.run(part);
    const parts = this.#options.schedules !== undefined && !this.#over();
    const enumeration = this.#enumeration(start);
    for (let length = 1; length <= start.steps.length && !this.#over(); length++) {
      const apart = yield* this.#least(enumeration, length);
      if (apart === 'over') break;
      if (apart) return yield* this.run(apart);
      this.#progress.steps = length;
    }
    const { tried, steps } = this.#progress;
    const certificate = { certified: parts && steps === start.steps.length, steps, tried };
    const preemptions = this.#options.schedules && PREEMPTIONS;
    const text = overlapText({ ...certificate, interrupted: this.#interrupted }, start.steps.length, {
      preemptions,
      parts,
    });
    return { program: start, certificate: { ...certificate, text } };
  }

  /** The first of what is left without some steps that fails in the same way under a schedule. */
  *#part(start: Program): Generator<readonly Program[], Program | undefined, readonly Verdict[]> {
    const { traits, page, key, schedules } = this.#options;
    if (!schedules) return undefined;
    for (const part of partsOf(unscheduled(start), { traits, page, calls: CALLS })) {
      yield [];
      for (const { program, verdict } of schedules(part, PREEMPTIONS)) {
        if (this.#over()) return undefined;
        this.#progress.tried++;
        if (verdict === key) return program;
      }
    }
    return undefined;
  }

  #enumeration(program: Program, wide = false): Enumeration {
    const { traits, page, call } = this.#options;
    const { cpus, frames } = program;
    const own = alphabetOf(program);
    return new Enumeration(wide ? widened(own, frames, page) : own, { traits, page, cpus, frames, failing: call });
  }

  /** The least program with fewer steps that fails in the same way. */
  *#shorter(
    program: Program,
    enumeration: Enumeration,
  ): Generator<readonly Program[], Program | 'over' | undefined, readonly Verdict[]> {
    for (let length = 1; length < program.steps.length; length++) {
      const found = yield* this.#least(enumeration, length);
      if (found !== undefined) return found;
      this.#progress.steps = Math.max(this.#progress.steps, length);
    }
    return undefined;
  }

  /** The least program of that length that fails in the same way and is smaller than `below`. */
  *#least(
    enumeration: Enumeration,
    length: number,
    below?: Program,
  ): Generator<readonly Program[], Program | 'over' | undefined, readonly Verdict[]> {
    let best = below;
    let batch: Written[] = [];
    for (const written of enumeration.ofLength(length)) {
      if (best && compare(written.program, best, this.#options.page) >= 0) continue;
      if (this.#over()) return best === below ? 'over' : best;
      batch.push(written);
      if (batch.length < this.#batch) continue;
      best = (yield* this.#try(batch, enumeration, best)) ?? best;
      batch = [];
    }
    if (batch.length > 0) best = (yield* this.#try(batch, enumeration, best)) ?? best;
    return best === below ? undefined : best;
  }

  *#try(
    batch: readonly Written[],
    enumeration: Enumeration,
    best: Program | undefined,
  ): Generator<readonly Program[], Program | undefined, readonly Verdict[]> {
    const { key, page } = this.#options;
    const verdicts = yield batch.map(({ program }) => program);
    let least = best;
    batch.forEach(({ program, path }, i) => {
      if (verdicts[i] !== undefined) enumeration.dead.add(path);
      if (verdicts[i] === key && (!least || compare(program, least, page) < 0)) least = program;
    });
    this.#progress.tried += batch.length;
    return least;
  }

  get #interrupted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  #over(): boolean {
    const { programs } = this.#options;
    return this.#interrupted || this.#progress.tried >= programs || performance.now() > this.#until;
  }

  #result(program: Program, certified: boolean): Certified {
    const { shorter, steps } = this.#progress;
    const tried = certified ? shorter : this.#progress.tried;
    const certificate = { certified, steps, tried };
    return {
      program,
      certificate: {
        ...certificate,
        text: certificateText({ ...certificate, interrupted: this.#interrupted }, alphabetOf(program)),
      },
    };
  }
}

/** Certifies with a target of this process. */
export const certifyNow = (program: Program, failsNow: FailsNow, options: CertifyOptions): Certified =>
  runNow(certifying(program, failsNow, options));

/** The same in turns: after each program that was run. */
export function* certifying(program: Program, failsNow: FailsNow, options: CertifyOptions): Turns<Certified> {
  const work = new Certifying(options, 1).run(program);
  let turn = work.next();
  while (!turn.done) {
    const verdicts = turn.value.map(failsNow);
    yield;
    turn = work.next(verdicts);
  }
  return turn.value;
}

/** Certifies with a target that takes programs by the batch. */
export async function certifyBatched(program: Program, fails: Fails, options: CertifyOptions): Promise<Certified> {
  const work = new Certifying(options, BATCH).run(program);
  let turn = work.next();
  while (!turn.done) {
    const verdicts = await fails(turn.value);
    turn = work.next(verdicts.map((verdict) => (verdict === UNDECIDED ? undefined : verdict)));
  }
  return turn.value;
}
