import type { Choose } from '../../../reference/calls/call.ts';

/** Numbers that one choice is tried with: the first ones and the last. */
const MAX_WIDTH = 4;

/**
 * Makes all sequences of choices one after the other, while a random generator makes one sequence. How many choices
 * follow, and between how many values, may depend on the choices before.
 *
 * @example
 * ```ts
 * const choices = new Choices();
 * do {
 *   console.log(choices.below(2), choices.chance(50)); // 0 false, 0 true, 1 false, 1 true
 * } while (choices.again());
 * ```
 */
export class Choices implements Choose {
  readonly #taken: number[] = [];
  readonly #widths: number[] = [];
  #at = 0;

  #next(width: number): number {
    const at = this.#at++;
    if (at === this.#taken.length) {
      this.#taken.push(0);
      this.#widths.push(width);
    }
    return this.#taken[at];
  }

  below(below: number): number {
    const choice = this.#next(Math.max(1, Math.min(below, MAX_WIDTH)));
    return below > MAX_WIDTH && choice === MAX_WIDTH - 1 ? below - 1 : choice;
  }

  chance(percent: number): boolean {
    if (percent <= 0 || percent >= 100) return percent >= 100;
    return this.#next(2) === 1;
  }

  /** Moves to the next sequence; false if there is no further one. */
  again(): boolean {
    this.#at = 0;
    while (this.#taken.length > 0) {
      const last = this.#taken.length - 1;
      if (++this.#taken[last] < this.#widths[last]) return true;
      this.#taken.pop();
      this.#widths.pop();
    }
    return false;
  }
}

/** Every value that `draw` can return. */
export function allOf<T>(draw: (choose: Choose) => T | undefined): T[] {
  const choices = new Choices();
  const results: T[] = [];
  do {
    const result = draw(choices);
    if (result !== undefined) results.push(result);
  } while (choices.again());
  return results;
}
