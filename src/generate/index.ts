import type { Clause } from '../../reference/clause.ts';
import { CALLS } from '../../reference/contract.ts';
import type { Program } from '../../reference/model/valid.ts';
import type { Traits } from '../../reference/traits.ts';
import { callsOf, favouring, optionsWith } from './options.ts';
import { Generator } from './program.ts';

/** What a generator must know about the target, and what is wished for. */
export interface Wishes {
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
  /** Steps that make a real kernel warn, by contract, are drawn too. */
  readonly warnings?: boolean;
}

/** Draws valid random programs: program `index` of a seed depends on these two and the wishes alone. */
export function generator(wishes: Wishes): (seed: number, index: number) => Program {
  const { traits, cpus, frames, page, favour, length, pages, warnings } = wishes;
  const made = new Generator(
    optionsWith({
      traits,
      cpus,
      frames,
      page,
      calls: callsOf(wishes, CALLS),
      ...(favour ? { favour: favouring(favour) } : {}),
      ...(length === undefined ? {} : { steps: length }),
      ...(pages === undefined ? {} : { pages }),
      warns: warnings ?? false,
    }),
  );
  return (seed, index) => made.program(seed, index);
}

export { Programs, programs } from './arbitrary.ts';
export { type Options, optionsFor, optionsWith } from './options.ts';
export { Generator, generate } from './program.ts';
