import { Tally, type TallyCounts } from '../../../reference/clauses/tally.ts';
import type { Judged } from '../../findings/execution.ts';
import { type StateSnapshot, StateTally } from '../../programs/states/count.ts';
import { SIZES } from '../../programs/states/sizes.ts';
import { type GoalSnapshot, GoalTally } from '../../programs/states/tally.ts';
import type { Manifest } from '../../targets/target.ts';

/** What `Counts` has counted, in a form that can be sent to another thread. */
export interface CountsSnapshot {
  readonly tally: TallyCounts;
  readonly states: StateSnapshot;
  readonly goals: GoalSnapshot | undefined;
  readonly programs: number;
  readonly steps: number;
  readonly lastSteps: number;
}

/** What programs exercised and reached. */
export class Counts {
  readonly tally = new Tally();
  readonly states: StateTally;
  /** The goals of a gate; undefined where they are not counted. */
  readonly goals: GoalTally | undefined;
  /** Programs and steps that were executed and judged. */
  programs = 0;
  steps = 0;
  /** Steps of the last of the programs. */
  lastSteps = 0;

  /** @param withGoals whether to count the goals of a gate. */
  constructor({ page, sizes }: Pick<Manifest, 'page' | 'sizes'>, withGoals = false) {
    this.states = new StateTally(page, { ...SIZES, ...sizes });
    this.goals = withGoals ? new GoalTally(page) : undefined;
  }

  /** Counts one program. The judge has counted what it exercised in `tally`. */
  count({ steps, trace }: Judged): void {
    this.states.see(trace.program);
    this.goals?.see(trace);
    this.programs++;
    this.steps += steps;
    this.lastSteps = steps;
  }

  get snapshot(): CountsSnapshot {
    const { tally, states, goals, programs, steps, lastSteps } = this;
    return { tally, states: states.snapshot, goals: goals?.snapshot, programs, steps, lastSteps };
  }

  /** Adds the counts of programs that come after those of this one. */
  add({ tally, states, goals, programs, steps, lastSteps }: CountsSnapshot): void {
    this.tally.add(tally);
    this.states.add(states);
    if (goals) this.goals?.add(goals);
    this.programs += programs;
    this.steps += steps;
    this.lastSteps = lastSteps;
  }
}
