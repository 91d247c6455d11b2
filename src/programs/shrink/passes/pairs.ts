import type { Pass } from '../pass.ts';

/** Beyond this many steps there are too many pairs, and single deletions have more to gain. */
const LONGEST = 12;

/**
 * Deletes two steps at once where neither can go alone: what one fills, the other empties.
 *
 * Proposes: all pairs of steps besides the last.
 * Goes on: from the start.
 * Costs: half the square of the number of steps, for short programs only.
 */
export const pairs: Pass = {
  name: 'pairs',
  *edits({ steps }) {
    const { length } = steps;
    if (length < 4 || length > LONGEST) return;
    for (let j = length - 2; j > 0; j--) {
      for (let i = j - 1; i >= 0; i--) {
        yield { steps: steps.map((step, at) => (at === i || at === j ? undefined : step)), next: { at: 0, size: 0 } };
      }
    }
  },
};
