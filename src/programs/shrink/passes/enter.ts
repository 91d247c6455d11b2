import { type Pass, START, withoutSteps } from '../pass.ts';

/**
 * Moves the step behind the last block into it, so that another step can go. A failure that is visible while calls
 * still overlap may need fewer steps than one that is visible afterwards.
 *
 * Proposes: to end the block one step later, without each of the steps before in turn.
 * Continues: from the start.
 * Costs: one edit for each step before the end of the block.
 */
export const enter: Pass = {
  name: 'enter',
  *edits({ steps, blocks }) {
    const number = blocks.length - 1;
    const last = blocks[number];
    if (!last || last.end === steps.length) return;
    const wider = blocks.with(number, { ...last, end: last.end + 1 });
    for (let gone = last.end - 1; gone >= 0; gone--)
      yield { steps: withoutSteps(steps, gone), blocks: wider, next: START };
  },
};
