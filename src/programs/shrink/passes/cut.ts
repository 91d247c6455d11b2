import type { Pass } from '../pass.ts';

/**
 * Cuts what comes after the failing step.
 *
 * Proposes: prefixes, by halving, on the understanding that every prefix that has the failing step fails.
 * Goes on: with the lengths between the longest prefix that is too short and the program.
 * Costs: the binary logarithm of the steps; nothing for programs so short that `steps` does the same.
 */
export const cut: Pass = {
  name: 'cut',
  *edits({ steps }, _context, from) {
    if (steps.length <= 8) return;
    let short = from?.size ?? 0;
    while (steps.length - short > 1) {
      const middle = (short + steps.length) >> 1;
      yield { steps: steps.slice(0, middle), next: { at: 0, size: short } };
      short = middle;
    }
  },
};
