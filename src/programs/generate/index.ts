import type { Program } from '../../../reference/calls/valid.ts';
import type { Clause } from '../../../reference/clauses/clause.ts';
import { CALLS } from '../../../reference/contract.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';
import { callsOf, favouring, type Limits, optionsWith, within } from './options.ts';
import { ParallelGenerator } from './parallel.ts';
import { Generator } from './program.ts';
import { Random } from './random.ts';

/** What a generator must know about the target, and what is wished for. */
export interface Wishes extends Limits {
  readonly traits: Traits;
  readonly cpus: number;
  readonly frames: number;
  /** Page size in bytes. */
  readonly page: number;
  /** Names of the calls and abilities of the target. */
  readonly calls: ReadonlySet<string>;
  readonly can: ReadonlySet<string>;
  /** Clauses that programs are to lean towards. */
  readonly favour?: readonly Clause[];
  /** The most steps of a program. */
  readonly length?: number;
  /** The most pages of one mapping. */
  readonly pages?: number;
  /** Of a hundred programs so many have a parallel block; 0 where not said. */
  readonly parallel?: number;
  /** Steps that make a real kernel warn, by contract, are drawn too. */
  readonly warnings?: boolean;
}

/** Programs with a block may have so many steps, whatever length is wished for. */
const LONGEST_WITH_BLOCK = 120;

/** Draws valid random programs: program `index` of a seed depends on these two and the wishes alone. */
export function generator(wishes: Wishes): (seed: number, index: number) => Program {
  const { traits, cpus, frames, page, favour, length, pages, warnings, steps = Number.POSITIVE_INFINITY } = wishes;
  const parallel = steps >= LONGEST_WITH_BLOCK ? (wishes.parallel ?? 0) : 0;
  const wished = optionsWith({
    traits,
    cpus,
    frames,
    page,
    calls: callsOf(wishes, CALLS),
    ...(favour ? { favour: favouring(favour) } : {}),
    ...(length === undefined ? {} : { steps: length }),
    ...(pages === undefined ? {} : { pages }),
    warns: warnings ?? false,
    overlap: wishes.can.has('schedule') ? 'scheduled' : 'by-chance',
    repeats: wishes.can.has('repeat'),
  });
  const options = within(wished, wishes);
  const sequential = new Generator(options);
  const overlapping = new ParallelGenerator(options);
  return (seed, index) =>
    parallel > 0 && new Random(seed ^ 0x2545f491, index).chance(parallel)
      ? overlapping.program(seed, index)
      : sequential.program(seed, index);
}

export { type Options, optionsFor, optionsWith } from './options.ts';
export { ParallelGenerator } from './parallel.ts';
export { Generator, generate } from './program.ts';
