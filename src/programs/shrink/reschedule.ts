import type { Program } from '../../../reference/calls/valid.ts';
import { candidates } from './candidates.ts';
import { compare, measure } from './order.ts';
import type { Context, Verdict } from './pass.ts';

/** A program under one schedule of its parallel blocks, and what it did. */
export interface Scheduled {
  readonly program: Program;
  readonly verdict: Verdict;
}

/**
 * Runs a program as it stands, then under every schedule of its blocks with at most `bound` preemptions. Only for targets
 * that can be told how to interleave lanes.
 */
export type Schedules = (program: Program, bound: number) => Iterable<Scheduled>;

interface Settings {
  readonly context: Context;
  readonly key: string;
  readonly schedules: Schedules;
  /** True once time is up. */
  readonly over: () => boolean;
}

/** Preemptions to allow: what one preemption shows is found before anything is tried with two. */
const BOUNDS = [1, 2];
/** Schedules of one program at most. */
const MOST = 2000;

/** The program without its schedules. */
export const unscheduled = (program: Program): Program => ({
  ...program,
  blocks: program.blocks.map((block) => {
    const attributes = new Map(block.attributes);
    attributes.delete('schedule');
    return { ...block, attributes };
  }),
});

/**
 * A schedule counts points of calls: in a smaller program the same points have other numbers, so that a written
 * schedule soon stands in the way of everything. This looks for smaller programs under any schedule.
 */
export class Rescheduling {
  readonly #settings: Settings;
  /** For each program without its schedules the least with them that fails, if one does. */
  readonly #least = new Map<string, Program | undefined>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /**
   * A smaller program with the same failure: the same under a plainer schedule, or one of its candidates. Runs them
   * itself; between two of them it yields nothing to run.
   */
  *smaller(program: Program): Generator<readonly Program[], Program | undefined, unknown> {
    const { context, over } = this.#settings;
    const { page } = context;
    for (const bound of BOUNDS) {
      const own = this.#failing(program, bound);
      if (own && compare(own, program, page) < 0) return own;
      for (const candidate of candidates(unscheduled(program), context)) {
        if (over()) return undefined;
        yield [];
        if (candidate.program.blocks.length === 0) continue;
        const found = this.#failing(candidate.program, bound);
        if (found && compare(found, program, page) < 0) return found;
      }
    }
    return undefined;
  }

  /** The least program with these steps and blocks that fails in the same way under one of the schedules. */
  #failing(program: Program, bound: number): Program | undefined {
    const { context, key, schedules, over } = this.#settings;
    const plain = unscheduled(program);
    const text = `${bound} ${measure(plain, context.page).text}`;
    if (this.#least.has(text)) return this.#least.get(text);
    let least: Program | undefined;
    let count = 0;
    for (const { program: made, verdict } of schedules(plain, bound)) {
      if (verdict === key && (!least || compare(made, least, context.page) < 0)) least = made;
      if (++count === MOST || over()) break;
    }
    this.#least.set(text, least);
    return least;
  }
}
