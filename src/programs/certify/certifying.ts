import type { Program } from '../../../reference/calls/valid.ts';
import { CALLS } from '../../../reference/contract.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';
import type { Schedules } from '../shrink/index.ts';
import { unscheduled } from '../shrink/reschedule.ts';
import { alphabetOf } from './alphabet.ts';
import { type Certificate, certificateText, overlapText } from './certificate.ts';
import { Enumeration } from './enumeration.ts';
import { partsOf } from './parts.ts';
import { Budget, type Limits, smallestOfLength, type Trying, type Wanted } from './trying.ts';
import { widened } from './widen.ts';

export interface CertifyOptions extends Limits {
  readonly traits: Traits;
  /** Page size in bytes. */
  readonly page: number;
  /** The key of the failure that must be the same. */
  readonly key: string;
  /** The name of the call that fails; undefined if no call does, such as for what is left over. */
  readonly call?: string;
  /** Runs a program under every schedule of its blocks: for targets of this process that let the kit choose them. */
  readonly schedules?: Schedules;
  /** Programs that are yielded run under every schedule with up to this many preemptions, on a target outside. */
  readonly preemptions?: number;
  /** Programs run under some schedules, but not under all. */
  readonly uncovered?: boolean;
}

export interface Certified {
  /** The counterexample, or a smaller program that fails in the same way. */
  readonly program: Program;
  readonly certificate: Certificate;
}

/** The most preemptions of the schedules under which a program with blocks is tried. */
const MAX_PREEMPTIONS = 2;

/**
 * Tries every shorter program over a counterexample's own calls and arguments, then every program of the same length
 * that is smaller in the order of programs.
 */
export class Certifying {
  readonly #options: CertifyOptions;
  readonly #budget: Budget;
  readonly #wanted: Wanted;
  /** All programs of up to this many steps were tried. */
  #steps = 0;
  /** Programs that the certificate is based on: all of them shorter than the certified one. */
  #shorter = 0;

  /** `batch`: programs that are run in one batch. */
  constructor(options: CertifyOptions, batch: number) {
    this.#options = options;
    this.#budget = new Budget(options);
    this.#wanted = { key: options.key, page: options.page, budget: this.#budget, batch };
  }

  *run(start: Program): Trying<Certified> {
    if (start.blocks.length > 0) return yield* this.#overlapping(start);
    let program = start;
    let certified = false;
    // First over the counterexample's own alphabet, which is what the certificate says. Then the rest of the budget goes
    // into a wider one.
    for (let wide = false; ; wide = certified) {
      const enumeration = this.#enumeration(program, wide);
      const steps = this.#steps;
      const { tried } = this.#budget;
      const shorter = yield* this.#shortest(program, enumeration);
      if (wide) this.#steps = steps;
      if (shorter === 'over') return this.#result(program, certified);
      certified = shorter === undefined;
      if (certified && !wide) this.#shorter = this.#budget.tried - tried;
      const smaller = shorter ?? (yield* smallestOfLength(enumeration, program.steps.length, this.#wanted, program));
      if (smaller === 'over') return this.#result(program, certified);
      if (smaller === undefined && wide) return this.#result(program, certified);
      program = smaller ?? program;
    }
  }

  /**
   * For a program with blocks: tries it without each set of its steps, under every schedule; then every program that
   * is no longer and has no blocks.
   */
  *#overlapping(start: Program): Trying<Certified> {
    const part = yield* this.#failingPart(start);
    if (part) return yield* this.run(part);
    const { schedules, uncovered = false, preemptions = schedules && MAX_PREEMPTIONS } = this.#options;
    const parts = preemptions !== undefined && !this.#budget.over;
    const enumeration = this.#enumeration(start);
    const { length } = start.steps;
    for (let steps = 1; steps <= length && !this.#budget.over; steps++) {
      const apart = yield* smallestOfLength(enumeration, steps, this.#wanted);
      if (apart === 'over') break;
      if (apart) return yield* this.run(apart);
      this.#steps = steps;
    }
    const { tried, interrupted } = this.#budget;
    const facts = { certified: parts && this.#steps === length, steps: this.#steps, tried };
    const text = overlapText({ ...facts, interrupted }, length, { preemptions, uncovered, parts });
    return { program: start, certificate: { ...facts, text } };
  }

  /** The first program that fails in the same way, under some schedule, without some of the steps. */
  *#failingPart(start: Program): Trying<Program | undefined> {
    const { traits, page, key, schedules, preemptions } = this.#options;
    if (preemptions !== undefined) return yield* this.#failingPartInBatches(start);
    if (!schedules) return undefined;
    for (const part of partsOf(unscheduled(start), { traits, page, calls: CALLS })) {
      yield [];
      for (const { program, verdict } of schedules(part, MAX_PREEMPTIONS)) {
        if (this.#budget.over) return undefined;
        this.#budget.tried++;
        if (verdict === key) return program;
      }
    }
    return undefined;
  }

  /** The same for a target that runs each program under every schedule by itself. */
  *#failingPartInBatches(start: Program): Trying<Program | undefined> {
    const { traits, page, key } = this.#options;
    for (const part of partsOf(unscheduled(start), { traits, page, calls: CALLS })) {
      if (this.#budget.over) return undefined;
      this.#budget.tried++;
      const [verdict] = yield [part];
      if (verdict === key) return part;
    }
    return undefined;
  }

  #enumeration(program: Program, wide = false): Enumeration {
    const { traits, page, call } = this.#options;
    const { cpus, frames } = program;
    const own = alphabetOf(program);
    return new Enumeration(wide ? widened(own, frames, page) : own, { traits, page, cpus, frames, failing: call });
  }

  /** The smallest of the shortest programs that fail in the same way with fewer steps. */
  *#shortest(program: Program, enumeration: Enumeration): Trying<Program | 'over' | undefined> {
    for (let length = 1; length < program.steps.length; length++) {
      const found = yield* smallestOfLength(enumeration, length, this.#wanted);
      if (found !== undefined) return found;
      this.#steps = Math.max(this.#steps, length);
    }
    return undefined;
  }

  #result(program: Program, certified: boolean): Certified {
    const { tried, interrupted } = this.#budget;
    const facts = { certified, steps: this.#steps, tried: certified ? this.#shorter : tried };
    const text = certificateText({ ...facts, interrupted }, alphabetOf(program));
    return { program, certificate: { ...facts, text } };
  }
}
