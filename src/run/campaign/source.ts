import type { Program } from '../../../reference/calls/valid.ts';
import { generator } from '../../programs/generate/index.ts';
import type { CampaignOptions } from './options.ts';
import { WHOLE_RUN } from './sharding.ts';

/** Percentage of random programs that contain a parallel block. High: such programs are short and races are rare. */
const PARALLEL_PERCENT = { direct: 75, remote: 20 };

/** What random programs depend on, besides the seed and their number. */
export type RandomOptions = Pick<
  CampaignOptions,
  'target' | 'agreement' | 'cpus' | 'frames' | 'favour' | 'length' | 'warnings' | 'parallel' | 'chance'
>;

/** Random programs in the order of their numbers: `from`, `from + stride` and so on. */
export interface Span {
  readonly from: number;
  readonly stride: number;
  readonly count: number;
}

/** The numbers of a span's programs. */
export const numbersOf = ({ from, stride, count }: Span): number[] =>
  Array.from({ length: count }, (_, i) => from + i * stride);

/** The programs of a campaign, as far as they are the shard's: the given ones, then random ones. */
export class ProgramSource {
  /** Random program `number` of the seed. */
  readonly random: (number: number) => Program;
  readonly #given: Iterator<Program, void>;
  readonly #shard: NonNullable<CampaignOptions['shard']>;
  /** Random programs of the whole run. */
  readonly #randomPrograms: number;
  /** Given programs that were read, of all shards. */
  #givenRead = 0;
  #givenOver = false;
  /** The number of the next random program; -1 while it is not known. */
  #next = -1;
  /** Programs that were drawn or reserved. */
  drawn = 0;

  constructor(options: CampaignOptions) {
    const { first = [], only, seed, budget, shard = WHOLE_RUN } = options;
    const draw = randomPrograms(options);
    this.random = (number) => draw(seed, number);
    this.#given = first[Symbol.iterator]() as Iterator<Program, void>;
    this.#shard = shard;
    this.#randomPrograms = budget.random ?? (only ? 0 : Number.POSITIVE_INFINITY);
    // Where one shard is the whole run, its random programs do not depend on how many are given.
    if (shard.of === 1) this.#next = 0;
  }

  /** All given programs were drawn. */
  get givenOver(): boolean {
    return this.#givenOver;
  }

  /** The next program; undefined after the last one. */
  next(): Program | undefined {
    return this.nextGiven() ?? this.#nextRandom();
  }

  /** The next given program; undefined after the last one. */
  nextGiven(): Program | undefined {
    const { index, of } = this.#shard;
    while (!this.#givenOver) {
      const { value, done } = this.#given.next();
      if (done) this.#endGiven();
      else if (this.#givenRead++ % of === index) {
        this.drawn++;
        return value;
      }
    }
    return undefined;
  }

  /** Takes up to `most` random programs; undefined if there are none, or if it is not known which ones come next. */
  reserve(most: number): Span | undefined {
    const from = this.#next;
    const stride = this.#shard.of;
    if (from < 0) return undefined;
    const count = Math.min(most, Math.ceil((this.#randomPrograms - from) / stride));
    if (count <= 0) return undefined;
    this.#next += count * stride;
    this.drawn += count;
    return { from, stride, count };
  }

  #endGiven(): void {
    const { index, of } = this.#shard;
    this.#givenOver = true;
    if (this.#next < 0) this.#next = (index - (this.#givenRead % of) + of) % of;
  }

  #nextRandom(): Program | undefined {
    const span = this.reserve(1);
    return span && this.random(span.from);
  }
}

/** A function that draws random program `number` of a seed. */
export function randomPrograms(options: RandomOptions): (seed: number, number: number) => Program {
  const { target, agreement, cpus, frames, favour, length, warnings, chance } = options;
  const { parallel = target.direct ? PARALLEL_PERCENT.direct : PARALLEL_PERCENT.remote } = options;
  const { can } = target.manifest;
  return generator({
    ...target.manifest,
    traits: agreement.traits,
    cpus,
    frames,
    parallel: can.has('parallel') && cpus > 1 ? parallel : 0,
    ...(favour ? { favour } : {}),
    ...(chance === undefined ? {} : { chance }),
    ...(length === undefined ? {} : { length }),
    warnings: warnings ?? !can.has('warn'),
  });
}
