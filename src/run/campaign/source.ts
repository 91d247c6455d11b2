import type { Program } from '../../../reference/calls/valid.ts';
import { generator } from '../../programs/generate/index.ts';
import type { CampaignOptions } from './options.ts';

/** The whole run in one process. */
const ONE_SHARD = { index: 0, of: 1 };

/** Percentage of random programs that contain a parallel block. High: such programs are short and races are rare. */
const PARALLEL_PERCENT = { direct: 75, remote: 20 };

/**
 * The programs of a campaign: the given ones, then random ones. All programs of the run are numbered in this order,
 * and shard `index` of `of` yields those whose number is `index` modulo `of`.
 */
export function* programSource(options: CampaignOptions): Generator<Program, void> {
  const { first = [], only, seed, budget, shard = ONE_SHARD } = options;
  const { random = only ? 0 : Number.POSITIVE_INFINITY } = budget;
  const { index, of } = shard;
  let number = 0;
  for (const program of first) if (number++ % of === index) yield program;
  const draw = randomPrograms(options);
  for (let i = (index - (number % of) + of) % of; i < random; i += of) yield draw(seed, i);
}

/** How many of the first `programs` programs of a run are this shard's. */
export const shardSize = (programs: number, { index, of } = ONE_SHARD): number =>
  Math.max(0, Math.ceil((programs - index) / of));

/** The place in the whole run, from 1, of this shard's program number `programs`. */
export const placeInRun = (programs: number, { index, of } = ONE_SHARD): number => (programs - 1) * of + index + 1;

/** A function that draws random program `i` of a seed. */
function randomPrograms(options: CampaignOptions): (seed: number, i: number) => Program {
  const { target, agreement, cpus, frames, favour, length, warnings } = options;
  const { parallel = target.direct ? PARALLEL_PERCENT.direct : PARALLEL_PERCENT.remote } = options;
  const { can } = target.manifest;
  return generator({
    ...target.manifest,
    traits: agreement.traits,
    cpus,
    frames,
    parallel: can.has('parallel') && cpus > 1 ? parallel : 0,
    ...(favour ? { favour } : {}),
    ...(length === undefined ? {} : { length }),
    warnings: warnings ?? !can.has('warn'),
  });
}
