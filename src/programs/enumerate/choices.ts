import type { Choose } from '../../../reference/calls/call.ts';

/** The most different numbers that one choice is tried with: the first ones and the last. */
const WIDTH = 4;

/**
 * Goes through all sequences of choices, where a random generator takes one: `again` says whether another one is left
 * after each. How many choices there are, and of what width, may depend on those before.
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
    const choice = this.#next(Math.max(1, Math.min(below, WIDTH)));
    return below > WIDTH && choice === WIDTH - 1 ? below - 1 : choice;
  }

  chance(percent: number): boolean {
    if (percent <= 0 || percent >= 100) return percent >= 100;
    return this.#next(2) === 1;
  }

  /** Moves to the next sequence; false where all were gone through. */
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

/** Everything that `draw` can give. */
export function allOf<T>(draw: (choose: Choose) => T | undefined): T[] {
  const choices = new Choices();
  const results: T[] = [];
  do {
    const result = draw(choices);
    if (result !== undefined) results.push(result);
  } while (choices.again());
  return results;
}
