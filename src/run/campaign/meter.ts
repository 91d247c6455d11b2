import { Counts, type CountsSnapshot } from './counts.ts';
import type { CampaignOptions } from './options.ts';
import { shardSize } from './sharding.ts';

/** Counts what a campaign has run, and compares it with the budget. */
export class Meter extends Counts {
  /** There is no further program to run. */
  exhausted = false;
  /** Maximum number of programs for this shard. */
  readonly maxPrograms: number;
  /** The run ends with the program that reaches this number of steps. */
  readonly maxSteps: number;
  /** When the time is up, on the clock of `performance.now()`. */
  readonly #until: number;
  readonly #started = performance.now();

  constructor({
    budget,
    shard,
    startedAt,
    target,
    goals,
  }: Pick<CampaignOptions, 'budget' | 'shard' | 'startedAt' | 'target' | 'goals'>) {
    super(target.manifest, goals);
    const { programs, steps, milliseconds } = budget;
    this.maxPrograms = shardSize(programs ?? Number.POSITIVE_INFINITY, shard);
    this.maxSteps = steps ?? Number.POSITIVE_INFINITY;
    this.#until = (startedAt ?? this.#started) + (milliseconds ?? Number.POSITIVE_INFINITY);
  }

  /** Everything assigned to this shard ran. */
  get complete(): boolean {
    return this.exhausted || this.full;
  }

  /** The budget of programs or steps is used up: no other program counts, even if it ran. */
  get full(): boolean {
    return this.programs >= this.maxPrograms || this.steps >= this.maxSteps;
  }

  /** Whether the run would not have been complete before the last of these programs. */
  fits({ programs, steps, lastSteps }: Pick<CountsSnapshot, 'programs' | 'steps' | 'lastSteps'>): boolean {
    return this.programs + programs <= this.maxPrograms && this.steps + steps - lastSteps < this.maxSteps;
  }

  /** Milliseconds since the start. */
  get elapsed(): number {
    return performance.now() - this.#started;
  }

  /** How long the run will still take; undefined if nothing limits it, or if too little ran to estimate it. */
  get left(): { milliseconds: number; estimated: boolean } | undefined {
    const done = Math.max(this.programs / this.maxPrograms, this.steps / this.maxSteps);
    const estimate = done > 0 ? Math.max(0, (this.elapsed * (1 - done)) / done) : Number.POSITIVE_INFINITY;
    const remaining = Math.max(0, this.remaining);
    const milliseconds = Math.min(estimate, remaining);
    return Number.isFinite(milliseconds) ? { milliseconds, estimated: estimate < remaining } : undefined;
  }

  /** Milliseconds of the budget that remain; negative when it is overrun. */
  get remaining(): number {
    return this.#until - performance.now();
  }
}
