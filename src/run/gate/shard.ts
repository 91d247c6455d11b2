import { UsageError } from '../../common/errors.ts';
import type { Shard } from '../campaign/options.ts';

/** How a system that starts many like jobs tells each which one it is. */
interface Convention {
  readonly index: string;
  /** The number of the first job; `min` names a variable that holds it. */
  readonly first: number;
  readonly min?: string;
  readonly total: readonly string[];
}

const CONVENTIONS: readonly Convention[] = [
  { index: 'CI_NODE_INDEX', first: 1, total: ['CI_NODE_TOTAL'] },
  { index: 'JOB_COMPLETION_INDEX', first: 0, total: ['JOB_COMPLETIONS', 'MMSPEC_SHARDS'] },
  {
    index: 'SLURM_ARRAY_TASK_ID',
    first: 0,
    min: 'SLURM_ARRAY_TASK_MIN',
    total: ['SLURM_ARRAY_TASK_COUNT', 'MMSPEC_SHARDS'],
  },
];

type Environment = Readonly<Record<string, string | undefined>>;

/** `2/4`: the second of four. */
export function parseShard(text: string): Shard {
  const match = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text);
  const [index, of] = match ? [Number(match[1]), Number(match[2])] : [1, 0];
  if (index > of) throw new UsageError(`--shard ${text}: expected i/n with i from 1 to n, such as 1/4`);
  return { index: index - 1, of };
}

/** A shard as people read it, `2/4`. */
export const printShard = ({ index, of }: Shard): string => `${index + 1}/${of}`;

const whole = (name: string, value: string | undefined): number => {
  if (value !== undefined && /^\d{1,6}$/.test(value)) return Number(value);
  throw new UsageError(`${name}=${value ?? ''}: expected a whole number; say --shard i/n instead`);
};

/**
 * Which shard this process is, as the environment of GitLab, Kubernetes or Slurm says; undefined where it says nothing.
 * @throws UsageError where it says only half of it.
 */
export function shardFrom(environment: Environment): Shard | undefined {
  for (const { index, first, min, total } of CONVENTIONS) {
    const text = environment[index];
    if (text === undefined || text === '') continue;
    const counted = total.find((name) => environment[name]);
    if (counted === undefined) {
      // GitLab sets the index in parallel jobs only, with the total beside it.
      throw new UsageError(`${index} is set, but not ${total.join(' or ')}; say --shard i/n instead`);
    }
    const start = min && environment[min] ? whole(min, environment[min]) : first;
    const shard = { index: whole(index, text) - start, of: whole(counted, environment[counted]) };
    if (shard.index < 0 || shard.index >= shard.of)
      throw new UsageError(`${index}=${text} of ${counted}=${environment[counted]}: no such shard; say --shard i/n`);
    return shard;
  }
  return undefined;
}

/** The shard that was asked for, else what the environment says; undefined for the whole. */
export function shardOf(asked: string | undefined, environment: Environment = process.env): Shard | undefined {
  const shard = asked === undefined || asked === 'auto' ? shardFrom(environment) : parseShard(asked);
  if (asked === 'auto' && !shard)
    throw new UsageError(
      `--shard auto: none of ${CONVENTIONS.map((known) => known.index).join(', ')} is set; say --shard i/n`,
    );
  return shard && shard.of > 1 ? shard : undefined;
}
