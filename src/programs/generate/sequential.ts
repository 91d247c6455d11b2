import type { Program } from '../../../reference/calls/valid.ts';
import { NO_BLOCKS } from '../../../reference/notation/program.ts';
import { DeepGenerator } from './deep/deep.ts';
import type { Options } from './options.ts';
import { Random } from './random.ts';
import { type Repertoire, repertoireOf } from './repertoire.ts';
import { Walk } from './walk.ts';

/** Makes random valid programs without parallel blocks. */
export class SequentialGenerator {
  readonly options: Options;
  readonly #repertoire: Repertoire;
  readonly #deep: DeepGenerator;

  constructor(options: Options) {
    this.options = options;
    this.#repertoire = repertoireOf(options);
    this.#deep = new DeepGenerator(this.#repertoire);
  }

  /** Program `index` of a seed. It depends on the options, the seed and the index only. */
  program(seed: number, index = 0): Program {
    const random = new Random(seed, index);
    const theme = this.#deep.themeOf(seed, index, 'sequential');
    if (theme) return this.#deep.program(random, theme, false);
    const walk = new Walk(this.#repertoire, random);
    walk.run(random.upTo(this.options.steps));
    return { cpus: this.options.cpus, frames: this.options.frames, steps: walk.steps, blocks: NO_BLOCKS };
  }
}

/** Program `index` of a seed, for one program only: to make several, keep a `SequentialGenerator`. */
export const generate = (options: Options, seed: number, index = 0): Program =>
  new SequentialGenerator(options).program(seed, index);
