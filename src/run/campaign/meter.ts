import { Tally } from '../../../reference/clauses/tally.ts';
import type { Judged } from '../../findings/execution.ts';
import { StateTally } from '../../programs/states/count.ts';
import { SIZES } from '../../programs/states/sizes.ts';
import type { CampaignOptions } from './options.ts';
import { shardSize } from './sharding.ts';

/** Counts what a campaign has run, and compares it with the budget. */
export class Meter {
  readonly tally = new Tally();
  readonly states: StateTally;
  /** Programs and steps that were executed and judged. */
  programs = 0;
  steps = 0;
  /** There is no further program to run. */
  exhausted = false;
  /** Maximum number of programs for this shard. */
  readonly maxPrograms: number;
  readonly #maxSteps: number;
  /** When the time is up, on the clock of `performance.now()`. */
  readonly #until: number;
  readonly #started = performance.now();

  constructor({
    budget,
    shard,
    startedAt,
    target,
  }: Pick<CampaignOptions, 'budget' | 'shard' | 'startedAt' | 'target'>) {
    this.states = new StateTally(target.manifest.page, { ...SIZES, ...target.manifest.sizes });
    const { programs, steps, milliseconds } = budget;
    this.maxPrograms = shardSize(programs ?? Number.POSITIVE_INFINITY, shard);
    this.#maxSteps = steps ?? Number.POSITIVE_INFINITY;
    this.#until = (startedAt ?? this.#started) + (milliseconds ?? Number.POSITIVE_INFINITY);
  }

  count({ steps, trace }: Judged): void {
    this.states.see(trace.program);
    this.programs++;
    this.steps += steps;
  }

  /** Everything assigned to this shard ran. */
  get complete(): boolean {
    return this.exhausted || this.programs >= this.maxPrograms || this.steps >= this.#maxSteps;
  }

  /** Milliseconds since the start. */
  get elapsed(): number {
    return performance.now() - this.#started;
  }

  /** Milliseconds of the budget that remain; negative when it is overrun. */
  get remaining(): number {
    return this.#until - performance.now();
  }
}
