import { type Pass, START, withoutSteps } from '../pass.ts';

/** Longer programs have too many pairs, and single deletions achieve more there. */
const MAX_STEPS = 12;

/**
 * Deletes two steps at once if neither can go alone: one fills what the other empties.
 *
 * Proposes: all pairs of steps without the last step.
 * Continues: from the start.
 * Costs: half the square of the number of steps, for short programs only.
 */
export const pairs: Pass = {
  name: 'pairs',
  *edits({ steps }) {
    const { length } = steps;
    if (length < 4 || length > MAX_STEPS) return;
    for (let j = length - 2; j > 0; j--) {
      for (let i = j - 1; i >= 0; i--) yield { steps: withoutSteps(steps, i, j), next: START };
    }
  },
};
