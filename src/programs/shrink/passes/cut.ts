import type { Pass } from '../pass.ts';

/** Programs up to this length are left to `steps`, which costs no more. */
const SHORT = 8;

/**
 * Cuts off what comes after the failing step.
 *
 * Proposes: prefixes, by bisection. This assumes that every prefix that contains the failing step fails.
 * Continues: with the lengths between the longest prefix that passed and the program.
 * Costs: the binary logarithm of the number of steps.
 */
export const cut: Pass = {
  name: 'cut',
  *edits({ steps }, _context, from) {
    if (steps.length <= SHORT) return;
    let passing = from?.size ?? 0;
    while (steps.length - passing > 1) {
      const middle = (passing + steps.length) >> 1;
      yield { steps: steps.slice(0, middle), next: { at: 0, size: passing } };
      passing = middle;
    }
  },
};
