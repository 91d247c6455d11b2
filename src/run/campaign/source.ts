import type { Program } from '../../../reference/calls/valid.ts';
import { generator } from '../../programs/generate/index.ts';
import type { CampaignOptions } from './options.ts';
import { WHOLE_RUN } from './sharding.ts';

/** Percentage of random programs that contain a parallel block. High: such programs are short and races are rare. */
const PARALLEL_PERCENT = { direct: 75, remote: 20 };

/** The programs of a campaign, as far as they are the shard's: the given ones, then random ones. */
export function* programSource(options: CampaignOptions): Generator<Program, void> {
  const { first = [], only, seed, budget, shard = WHOLE_RUN } = options;
  const { random = only ? 0 : Number.POSITIVE_INFINITY } = budget;
  const { index, of } = shard;
  let number = 0;
  for (const program of first) if (number++ % of === index) yield program;
  const draw = randomPrograms(options);
  for (let i = (index - (number % of) + of) % of; i < random; i += of) yield draw(seed, i);
}

/** A function that draws random program `i` of a seed. */
function randomPrograms(options: CampaignOptions): (seed: number, i: number) => Program {
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
