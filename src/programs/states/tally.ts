import type { Trace } from '../../../reference/judge/judge.ts';
import { GOALS, type Goal } from './goals.ts';
import { KernelGoals } from './kernel.ts';
import { UserGoals } from './user.ts';

/** A goal, and how many programs reached it. */
export interface GoalCount {
  readonly goal: Goal;
  readonly programs: number;
  /** Calls that are necessary to reach it, and that the target lacks. */
  readonly missing: readonly string[];
}

/** How many programs reached each goal, by its id. */
export type GoalSnapshot = ReadonlyMap<string, number>;

/** Counts how many programs reach each goal. */
export class GoalTally {
  readonly #page: number;
  readonly #programs = new Map<string, number>();

  /** `page`: page size in bytes. */
  constructor(page: number) {
    this.#page = page;
  }

  /** Counts the goals that one executed program reaches. */
  see({ program, outcomes }: Trace): void {
    const reached = new Set<string>();
    const hit = (goal: string): void => {
      reached.add(goal);
    };
    const kernel = new KernelGoals(hit, this.#page);
    const user = new UserGoals(hit, this.#page);
    for (let i = 0; i < outcomes.length; i++) {
      const outcome = outcomes[i];
      if (outcome.kind === 'skipped' || outcome.kind === 'unsupported') continue;
      const step = program.steps[i];
      if (step.call.side !== 'user') kernel.see(step, outcome);
      if (step.call.side !== 'kernel') user.see(step, outcome);
    }
    for (const goal of reached) this.#programs.set(goal, (this.#programs.get(goal) ?? 0) + 1);
  }

  /** How many programs reached each goal, by its id, in a form that can be sent to another thread. */
  get snapshot(): GoalSnapshot {
    return this.#programs;
  }

  /** Adds what another tally has counted. */
  add(other: GoalSnapshot): void {
    for (const [goal, programs] of other) this.#programs.set(goal, (this.#programs.get(goal) ?? 0) + programs);
  }

  /** All goals in their order, with the number of programs that reached each. `calls`: those of the target. */
  counts(calls: ReadonlySet<string>): GoalCount[] {
    return GOALS.map((goal) => ({
      goal,
      programs: this.#programs.get(goal.id) ?? 0,
      missing: goal.calls.filter((call) => !calls.has(call)),
    }));
  }
}
