import type { Program } from '../../../reference/calls/valid.ts';
import { candidates } from './candidates.ts';
import { compare, measure } from './order.ts';
import type { Context, Verdict } from './pass.ts';

/** A program under one schedule of its parallel blocks, and its verdict. */
export interface Scheduled {
  readonly program: Program;
  readonly verdict: Verdict;
}

/**
 * Runs a program as it is, then under every schedule of its blocks with at most `bound` preemptions. Only for targets
 * that let the kit choose how lanes interleave.
 */
export type Schedules = (program: Program, bound: number) => Iterable<Scheduled>;

interface Settings {
  readonly context: Context;
  readonly key: string;
  readonly schedules: Schedules;
  /** True once the time is up. */
  readonly over: () => boolean;
}

/** Preemptions to allow. A failure that needs one preemption is found before any schedule with two is tried. */
const PREEMPTION_BOUNDS = [1, 2];
/** Schedules of one program that are tried. */
const MAX_SCHEDULES = 2000;

/** The program without its schedules. */
export const unscheduled = (program: Program): Program => ({
  ...program,
  blocks: program.blocks.map((block) => {
    const attributes = new Map(block.attributes);
    attributes.delete('schedule');
    return { ...block, attributes };
  }),
});

/** The program without any attributes of its blocks. */
export const withoutAttributes = (program: Program): Program => ({
  ...program,
  blocks: program.blocks.map((block) => ({ ...block, attributes: new Map() })),
});

/**
 * Looks for smaller programs under any schedule. A schedule counts the scheduling points of calls, and in a smaller
 * program the same moments have other numbers. So a fixed schedule soon prevents every edit.
 */
export class Rescheduling {
  readonly #settings: Settings;
  /** For each program without schedules: the smallest failing one with a schedule, if any fails. */
  readonly #smallest = new Map<string, Program | undefined>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /**
   * A smaller program with the same failure: the program under a plainer schedule, or one of its candidates. Runs the
   * programs itself, and yields an empty list between two of them so that the caller can pause.
   */
  *smaller(program: Program): Generator<readonly Program[], Program | undefined, unknown> {
    const { context, over } = this.#settings;
    const { page } = context;
    for (const bound of PREEMPTION_BOUNDS) {
      const own = this.#smallestFailing(program, bound);
      if (own && compare(own, program, page) < 0) return own;
      for (const candidate of candidates(unscheduled(program), context)) {
        if (over()) return undefined;
        yield [];
        if (candidate.program.blocks.length === 0) continue;
        const found = this.#smallestFailing(candidate.program, bound);
        if (found && compare(found, program, page) < 0) return found;
      }
    }
    return undefined;
  }

  /** The smallest program with these steps and blocks that fails in the same way under one of the schedules. */
  #smallestFailing(program: Program, bound: number): Program | undefined {
    const { context, key, schedules, over } = this.#settings;
    const plain = unscheduled(program);
    const text = `${bound} ${measure(plain, context.page).text}`;
    if (this.#smallest.has(text)) return this.#smallest.get(text);
    let smallest: Program | undefined;
    let count = 0;
    for (const { program: made, verdict } of schedules(plain, bound)) {
      if (verdict === key && (!smallest || compare(made, smallest, context.page) < 0)) smallest = made;
      if (++count === MAX_SCHEDULES || over()) break;
    }
    this.#smallest.set(text, smallest);
    return smallest;
  }
}
