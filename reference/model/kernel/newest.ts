import type { Life } from './life.ts';

/** The initial capacity, in ranges. */
const INITIAL_RANGES = 32;

/**
 * The newest life at each page number, guard pages included. Lives are kept by range, not by page: the ranges ascend and
 * do not overlap. So mapping an area costs the same however long it is.
 */
export class NewestLives {
  /** How many ranges there are. */
  count = 0;
  #starts = new Float64Array(INITIAL_RANGES);
  #ends = new Float64Array(INITIAL_RANGES);
  readonly #lives: (Life | undefined)[] = new Array<Life | undefined>(INITIAL_RANGES).fill(undefined);

  /** Forgets all lives. */
  clear(): void {
    this.#lives.fill(undefined, 0, this.count);
    this.count = 0;
  }

  /** The newest life at a page number; undefined if nothing was ever mapped there. */
  at(location: number): Life | undefined {
    const i = this.firstAfter(location);
    return i < this.count && this.#starts[i] <= location ? this.#lives[i] : undefined;
  }

  /** Index of the first range that ends after a page number; `count` if none exists. */
  firstAfter(location: number): number {
    const ends = this.#ends;
    let low = 0;
    let high = this.count;
    if (high > 0 && ends[high - 1] <= location) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ends[middle] > location) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** First page number of a range, by its index. */
  startOf(index: number): number {
    return this.#starts[index];
  }

  /** The page number after the last one of a range. */
  endOf(index: number): number {
    return this.#ends[index];
  }

  /** The newest life at the page numbers of a range. */
  lifeOf(index: number): Life {
    return this.#lives[index]!;
  }

  /** Makes `life` the newest at the page numbers `[from, to)`. */
  set(from: number, to: number, life: Life): void {
    if (from >= to) return;
    let at = this.firstAfter(from);
    if (at < this.count && this.#starts[at] < to) {
      if (this.#starts[at] === from && this.#ends[at] === to) {
        this.#lives[at] = life;
        return;
      }
      at = this.#cut(at, from, to);
    }
    this.#insert(at, from, to, life);
  }

  /** Removes `[from, to)` from the ranges; `first` is the first range that overlaps it. Returns the index of the gap. */
  #cut(first: number, from: number, to: number): number {
    let at = first;
    if (this.#starts[at] < from) {
      if (this.#ends[at] > to) this.#insert(at + 1, to, this.#ends[at], this.#lives[at]!);
      this.#ends[at] = from;
      at++;
    }
    let end = at;
    while (end < this.count && this.#ends[end] <= to) end++;
    if (end < this.count && this.#starts[end] < to) this.#starts[end] = to;
    if (end > at) this.#remove(at, end);
    return at;
  }

  #insert(at: number, from: number, to: number, life: Life): void {
    const count = this.count++;
    if (count === this.#starts.length) this.#grow();
    const lives = this.#lives;
    if (at < count) {
      this.#starts.copyWithin(at + 1, at, count);
      this.#ends.copyWithin(at + 1, at, count);
      for (let i = count; i > at; i--) lives[i] = lives[i - 1];
    }
    this.#starts[at] = from;
    this.#ends[at] = to;
    lives[at] = life;
  }

  #remove(from: number, to: number): void {
    const { count } = this;
    const lives = this.#lives;
    this.#starts.copyWithin(from, to, count);
    this.#ends.copyWithin(from, to, count);
    this.count = count - (to - from);
    for (let i = from; i < this.count; i++) lives[i] = lives[i + to - from];
    lives.fill(undefined, this.count, count);
  }

  #grow(): void {
    const copy = (made: Float64Array<ArrayBuffer>, old: Float64Array) => {
      made.set(old);
      return made;
    };
    const room = 2 * this.#starts.length;
    this.#starts = copy(new Float64Array(room), this.#starts);
    this.#ends = copy(new Float64Array(room), this.#ends);
    while (this.#lives.length < room) this.#lives.push(undefined);
  }
}
