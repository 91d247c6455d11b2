import fc from 'fast-check';
import { findInvalid, type Program } from '../../../reference/calls/valid.ts';
import { CALLS } from '../../../reference/contract.ts';
import { Known } from '../../../reference/model/known.ts';
import { candidates, type Place } from '../shrink/candidates.ts';
import type { Context } from '../shrink/pass.ts';
import { type Options, optionsWith } from './options.ts';
import { Generator } from './program.ts';

/** True for plain data of the shape of a program; says nothing about its validity. */
function isProgram(value: unknown): value is Program {
  if (typeof value !== 'object' || value === null) return false;
  const { cpus, frames, steps, blocks } = value as Partial<Program>;
  return typeof cpus === 'number' && typeof frames === 'number' && Array.isArray(steps) && Array.isArray(blocks);
}

/**
 * Random valid programs for fast-check. They shrink by the kit's own passes, any valid program does (one from a file,
 * or an example, too), and each step of shrinking goes on where the one before succeeded.
 */
export class Programs extends fc.Arbitrary<Program> {
  readonly #options: Options;
  readonly #generator: Generator;
  readonly #context: Context;

  constructor(options: Options) {
    super();
    this.#options = options;
    this.#generator = new Generator(options);
    this.#context = { traits: options.traits, page: options.page, calls: CALLS };
  }

  generate(random: fc.Random): fc.Value<Program> {
    return new fc.Value(this.#generator.program(random.nextInt()), undefined);
  }

  canShrinkWithoutContext(value: unknown): value is Program {
    if (!isProgram(value)) return false;
    const { traits, page } = this.#options;
    return findInvalid(value, new Known(traits, value.cpus, value.frames, page)) === undefined;
  }

  shrink(program: Program, place: unknown): fc.Stream<fc.Value<Program>> {
    return fc.stream(this.#candidates(program, place as Place | undefined));
  }

  *#candidates(program: Program, place: Place | undefined): IterableIterator<fc.Value<Program>> {
    for (const candidate of candidates(program, this.#context, place)) {
      yield new fc.Value(candidate.program, candidate.place);
    }
  }
}

/** Random valid programs for `fc.assert`. */
export const programs = (wishes: Partial<Options> = {}): fc.Arbitrary<Program> => new Programs(optionsWith(wishes));
