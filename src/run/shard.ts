import { UsageError } from '../common/errors.ts';
import type { Shard } from './campaign/options.ts';

/** How a system that starts many equal jobs tells each of them its number. */
interface Convention {
  /** The variable with the number of this job. */
  readonly index: string;
  /** The number of the first job; `min` names a variable that holds it. */
  readonly first: number;
  readonly min?: string;
  /** Variables with the number of jobs; the first that is set counts. */
  readonly total: readonly string[];
}

/** GitLab, Kubernetes and Slurm. */
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

/** Reads `2/4`, the second of four. */
export function parseShard(text: string): Shard {
  const match = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text);
  const [index, of] = match ? [Number(match[1]), Number(match[2])] : [1, 0];
  if (index > of) throw new UsageError(`--shard ${text}: expected i/n with i from 1 to n, such as 1/4`);
  return { index: index - 1, of };
}

/** Prints a shard as people read it, `2/4`. */
export const printShard = ({ index, of }: Shard): string => `${index + 1}/${of}`;

function wholeNumber(name: string, value: string | undefined): number {
  if (value !== undefined && /^\d{1,6}$/.test(value)) return Number(value);
  throw new UsageError(`${name}=${value ?? ''}: expected a whole number; set it, or use --shard i/n`);
}

/**
 * Reads from the environment which shard this process is; undefined when no variable says so.
 * @throws UsageError when the variables are incomplete or contradict each other.
 */
export function shardFrom(environment: Environment): Shard | undefined {
  for (const { index, first, min, total } of CONVENTIONS) {
    const text = environment[index];
    if (text === undefined || text === '') continue;
    const counted = total.find((name) => environment[name]);
    // GitLab sets the index in parallel jobs only, always together with the total.
    if (counted === undefined)
      throw new UsageError(`${index} is set, but ${total.join(' or ')} is not; set it, or use --shard i/n`);
    const start = min && environment[min] ? wholeNumber(min, environment[min]) : first;
    const shard = { index: wholeNumber(index, text) - start, of: wholeNumber(counted, environment[counted]) };
    if (shard.index < 0 || shard.index >= shard.of)
      throw new UsageError(`${index}=${text} of ${counted}=${environment[counted]}: no such shard; use --shard i/n`);
    return shard;
  }
  return undefined;
}

/**
 * The shard that `--shard` names, else the one that the environment says; undefined for the whole run.
 * @param asked `i/n`, `auto` to insist on the environment, or undefined.
 */
export function shardOf(asked: string | undefined, environment: Environment = process.env): Shard | undefined {
  const shard = asked === undefined || asked === 'auto' ? shardFrom(environment) : parseShard(asked);
  if (asked === 'auto' && !shard) {
    const variables = CONVENTIONS.map((known) => known.index).join(', ');
    throw new UsageError(`--shard auto: none of ${variables} is set; use --shard i/n`);
  }
  return shard;
}
