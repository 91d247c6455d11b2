import { type Pass, START } from '../pass.ts';

/** The order of longer programs is left as it is. */
const MAX_STEPS = 40;

/**
 * Puts steps whose order does not matter in one order.
 *
 * Proposes: for each step, and each two steps in a row, to stand earlier, at each place; the last step, and the first
 * block with all that follows it, stay. For the last step, to change places with an earlier step of the same call.
 * Continues: from the start.
 * Costs: as many edits as there are moves that give a valid and smaller program, which are few.
 */
export const settle: Pass = {
  name: 'settle',
  *edits({ steps, blocks }) {
    if (steps.length > MAX_STEPS) return;
    const end = blocks[0]?.start ?? steps.length - 1;
    for (const run of [1, 2]) {
      for (let from = 1; from + run <= end; from++) {
        for (let to = 0; to < from; to++) {
          const left = steps.toSpliced(from, run);
          yield { steps: left.toSpliced(to, 0, ...steps.slice(from, from + run)), next: START, whole: true };
        }
      }
    }
    if (blocks.length > 0) return;
    const last = steps[steps.length - 1];
    for (const [at, step] of steps.entries()) {
      if (step === last || step.call !== last.call) continue;
      yield { steps: steps.with(at, last).with(steps.length - 1, step), next: START, whole: true };
    }
  },
};
