import { type Pass, withEntry } from '../pass.ts';

/** Beyond this many steps the order of them is not settled. */
const LONGEST = 40;

/**
 * Brings steps whose order does not matter into one order.
 *
 * Proposes: for each step but the last (or before the first block), and each two in a row, to stand earlier, at each place up to its own; for the
 * last, that it changes places with an earlier step of the same call.
 * Goes on: from the start.
 * Costs: as many proposals as there are ways to move a step up that make a valid and smaller program; those are few.
 */
export const settle: Pass = {
  name: 'settle',
  *edits({ steps, blocks }) {
    if (steps.length > LONGEST) return;
    const end = blocks[0]?.start ?? steps.length - 1;
    for (const run of [1, 2]) {
      for (let from = 1; from + run <= end; from++) {
        for (let to = 0; to < from; to++) {
          const moved = steps.slice(from, from + run);
          const left = [...steps.slice(0, from), ...steps.slice(from + run)];
          yield { steps: left.toSpliced(to, 0, ...moved), next: { at: 0, size: 0 }, whole: true };
        }
      }
    }
    if (blocks.length > 0) return;
    const last = steps[steps.length - 1];
    for (const [at, step] of steps.entries()) {
      if (step === last || step.call !== last.call) continue;
      yield {
        steps: withEntry(withEntry(steps, at, last), steps.length - 1, step),
        next: { at: 0, size: 0 },
        whole: true,
      };
    }
  },
};
