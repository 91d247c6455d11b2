import { Random } from '../../src/programs/generate/random.ts';

/** Words and characters that matter to one reader or another. */
const PIECES = [
  ...'\u0000 \t \r # " \\ @ = => .. x : + - , [ ] ( ) { } \u00e9 \ud800 \u2028'.split(' '),
  ...'par end program trace leak crash warn again error ready hello hole null f0 f1048575 f999999..f1048576'.split(' '),
  ...'f0x1048576 a0 v0 o0 a999999 v1+0x1000 0x0 0xffffffffffffffff 18446744073709551616 4294967296 -1 1e9 NaN'.split(
    ' ',
  ),
  ...'constructor __proto__ toString schedule=0x8,1 repeat=1000000 delay=0:9999 page 2097152 frames 1048576'.split(' '),
  ...'cpus 64 window kernel user limit line steps inflight calls can trait tlb=lazy profile linux-6.1'.split(' '),
  '\n',
  ' ',
  'x'.repeat(5000),
  '"\\u001b[2J"',
];

/** Makes texts out of others, the same ones for a seed. */
export class Mutator {
  readonly #random: Random;
  readonly #seeds: readonly string[];

  /** @param seeds texts to begin with. */
  constructor(seed: number, seeds: readonly string[]) {
    this.#random = new Random(seed);
    this.#seeds = seeds;
  }

  #below(limit: number): number {
    return limit <= 1 ? 0 : (this.#random.next() >>> 0) % limit;
  }

  #one<T>(from: readonly T[]): T {
    return from[this.#below(from.length)];
  }

  /** The next text: one of the seeds, changed in one to six places. */
  next(): string {
    let text = this.#one(this.#seeds);
    for (let changes = 1 + this.#below(6); changes > 0; changes--) text = this.#changed(text);
    return text;
  }

  #changed(text: string): string {
    const at = this.#below(text.length + 1);
    const length = this.#below(this.#below(3) === 0 ? 200 : 8);
    const [before, after] = [text.slice(0, at), text.slice(at + length)];
    switch (this.#below(8)) {
      case 0:
        return before + after;
      case 1:
        return before + this.#one(PIECES) + text.slice(at);
      case 2:
        return before + this.#one(PIECES) + after;
      case 3:
        return before + text.slice(at, at + length).repeat(1 + this.#below(20)) + after;
      case 4: {
        const other = this.#one(this.#seeds);
        const from = this.#below(other.length);
        return before + other.slice(from, from + length) + after;
      }
      case 5:
        return before + String.fromCharCode(this.#below(this.#below(2) === 0 ? 128 : 0x1_0000)) + text.slice(at + 1);
      case 6:
        return this.#inAWord(text);
      default:
        return this.#lines(text);
    }
  }

  /** Replaces one number or word by another one. */
  #inAWord(text: string): string {
    const words = [...text.matchAll(/[\w.]+/g)];
    if (words.length === 0) return text;
    const { index, 0: word } = this.#one(words);
    return text.slice(0, index) + this.#one(PIECES) + text.slice(index + word.length);
  }

  /** Swaps, repeats or leaves out lines. */
  #lines(text: string): string {
    const lines = text.split('\n');
    const [i, j] = [this.#below(lines.length), this.#below(lines.length)];
    const kind = this.#below(3);
    if (kind === 0) [lines[i], lines[j]] = [lines[j], lines[i]];
    else if (kind === 1) lines.splice(i, 0, lines[j]);
    else lines.splice(i, 1);
    return lines.join('\n');
  }
}
