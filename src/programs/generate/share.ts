import { Random } from './random.ts';

/** Programs among which the share of programs with a block is exact. */
const GROUP = 100;

/**
 * Which programs of a seed have a parallel block: a given percentage of each hundred, spread at random. They are numbered
 * in order, so that a schedule of themes can go through them without leaving one out.
 */
export class ParallelShare {
  readonly #percent: number;
  /** For each program of the last group: how many programs with a block come before it in the group; -1: it has none. */
  readonly #places = new Int8Array(GROUP);
  #seed: number | undefined;
  #group = -1;

  /** `percent`: a whole number from 0 to 100. */
  constructor(percent: number) {
    this.#percent = percent;
  }

  /** The number of program `index` among those of the seed that have a block, from 0; -1 if it has none. */
  numberOf(seed: number, index: number): number {
    const group = Math.floor(index / GROUP);
    if (seed !== this.#seed || group !== this.#group) this.#draw(seed, group);
    const place = this.#places[index - group * GROUP];
    return place < 0 ? -1 : group * this.#percent + place;
  }

  #draw(seed: number, group: number): void {
    this.#seed = seed;
    this.#group = group;
    const random = new Random(seed ^ 0x2545f491, group);
    for (let at = 0, chosen = 0; at < GROUP; at++) {
      const has = random.below(GROUP - at) < this.#percent - chosen;
      this.#places[at] = has ? chosen++ : -1;
    }
  }
}
