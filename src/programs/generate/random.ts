import type { Choose } from '../../../reference/calls/call.ts';

/** Mixes 32 bits (the finalizer of MurmurHash3), so that neighbouring inputs give unrelated outputs. */
function scramble(word: number): number {
  let x = word | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

const UNIT = 1 / 0x1_0000_0000;

/**
 * A small, fast generator of random numbers (sfc32, on 32-bit integers). The same seed and index give the same numbers
 * on every machine, and neighbouring indices give unrelated numbers.
 */
export class Random implements Choose {
  #a = 0;
  #b = 0;
  #c = 0;
  #count = 1;

  constructor(seed: number, index = 0) {
    this.reseed(seed, index);
  }

  /** Starts again, as if constructed with this seed and index. */
  reseed(seed: number, index: number): void {
    this.#a = scramble(seed ^ 0x9e3779b9);
    this.#b = scramble(Math.floor(seed * UNIT) ^ Math.imul(Math.floor(index * UNIT), 0x632be5ab) ^ this.#a);
    this.#c = scramble((index | 0) ^ 0x243f6a88);
    this.#count = 1;
    for (let round = 0; round < 12; round++) this.next();
  }

  /** 32 random bits, as a signed integer. */
  next(): number {
    const result = (((this.#a + this.#b) | 0) + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result;
  }

  /** A whole number in [0, below). */
  below(below: number): number {
    return Math.floor((this.next() >>> 0) * UNIT * below);
  }

  /** True with a probability of `percent` / 100. */
  chance(percent: number): boolean {
    return (this.next() >>> 0) * UNIT * 100 < percent;
  }

  /** A whole number in [from, to]. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  /** A whole number in [1, most], log-uniform: 1 to 9 is as likely as 10 to 99. */
  upTo(most: number): number {
    return Math.min(most, Math.floor(2 ** ((this.next() >>> 0) * UNIT * Math.log2(most + 1))));
  }

  /** One entry of a list. */
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}

/** Puts a list into random order, in place. */
export function shuffled<T>(random: Random, list: T[]): T[] {
  for (let at = list.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    [list[at], list[other]] = [list[other], list[at]];
  }
  return list;
}
