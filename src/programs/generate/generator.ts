import type { Program } from '../../../reference/calls/valid.ts';
import type { Clause } from '../../../reference/clauses/clause.ts';
import { CALLS } from '../../../reference/contract.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';
import type { Sizes } from '../../targets/sizes.ts';
import type { Support } from '../../targets/support.ts';
import { callsOf, favouring, type Limits, type Options, optionsWith, within } from './options.ts';
import { ParallelGenerator } from './parallel.ts';
import { SequentialGenerator } from './sequential.ts';
import { ParallelShare } from './share.ts';

/** What a generator must know about the target, and which programs are wanted. */
export interface GeneratorOptions extends Limits {
  readonly traits: Traits;
  readonly cpus: number;
  /** Frames in the pool. */
  readonly frames: number;
  /** Page size in bytes. */
  readonly page: number;
  /** Names of the calls and abilities of the target. */
  readonly calls: ReadonlySet<string>;
  readonly can: ReadonlySet<string>;
  /** Clauses whose calls are drawn more often. */
  readonly favour?: readonly Clause[];
  /** Steps of the longest program. */
  readonly length?: number;
  /** Pages of the largest mapping. */
  readonly pages?: number;
  /** Percentage of programs that contain a parallel block; default 0. */
  readonly parallel?: number;
  /** The sizes of the target's structures, as far as they are known. */
  readonly sizes?: Partial<Sizes>;
  /** By call: what the target supports of it, where that is less than the whole call. */
  readonly support?: ReadonlyMap<string, Support>;
  /** Whether overlap may be left to chance on a target that sweeps schedules; default true. */
  readonly chance?: boolean;
  /** Whether to draw steps that make a real kernel print a warning, by contract; default false. */
  readonly warnings?: boolean;
}

/** Steps that a program with a block may have, even if `length` asks for shorter ones. */
const STEPS_WITH_BLOCK = 120;

/** A target that repeats programs cannot choose everything that happens in a lane, so some programs rely on chance. */
function overlapOf({ can, chance = true }: GeneratorOptions): Options['overlap'] {
  if (!can.has('schedule')) return 'by-chance';
  if (!can.has('repeat')) return 'scheduled';
  return chance ? 'mixed' : 'swept';
}

/** Returns a function that draws valid random programs. Program `index` of a seed depends on these two and the options. */
export function generator(wanted: GeneratorOptions): (seed: number, index: number) => Program {
  const { traits, cpus, frames, page, favour, length, pages, warnings, steps = Number.POSITIVE_INFINITY } = wanted;
  const parallelPercent = steps >= STEPS_WITH_BLOCK ? (wanted.parallel ?? 0) : 0;
  const options = optionsWith({
    traits,
    cpus,
    frames,
    page,
    calls: callsOf(wanted, CALLS),
    ...(favour ? { favour: favouring(favour) } : {}),
    ...(length === undefined ? {} : { steps: length }),
    ...(pages === undefined ? {} : { pages }),
    warns: warnings ?? false,
    overlap: overlapOf(wanted),
    can: wanted.can,
    sizes: wanted.sizes ?? {},
    support: wanted.support ?? new Map(),
  });
  const limited = within(options, wanted);
  const sequential = new SequentialGenerator(limited);
  const parallel = new ParallelGenerator(limited);
  const share = new ParallelShare(parallelPercent);
  return (seed, index) => {
    const number = parallelPercent > 0 ? share.numberOf(seed, index) : -1;
    return number < 0 ? sequential.program(seed, index) : parallel.program(seed, number);
  };
}
