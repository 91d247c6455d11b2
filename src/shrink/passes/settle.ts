import type { Pass } from '../pass.ts';

/** Beyond this many steps the order of them is not settled. */
const LONGEST = 40;

/**
 * Brings steps whose order does not matter into one order.
 *
 * Proposes: for each step but the last to stand earlier: first of all, then at each place up to its own.
 * Goes on: from the start.
 * Costs: as many proposals as there are ways to move a step up that make a valid and smaller program; those are few.
 */
export const settle: Pass = {
  name: 'settle',
  *edits({ steps, blocks }) {
    if (steps.length > LONGEST || blocks.length > 0) return;
    for (let from = 1; from < steps.length - 1; from++) {
      for (let to = 0; to < from; to++) {
        const moved = [...steps.slice(0, to), steps[from], ...steps.slice(to, from), ...steps.slice(from + 1)];
        yield { steps: moved, next: { at: 0, size: 0 }, whole: true };
      }
    }
  },
};
