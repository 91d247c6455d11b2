import { type Pass, START, withoutSteps } from '../pass.ts';

/**
 * Moves the step behind the last block, or before the first one, into it, so that another step can go. A failure that is
 * visible while calls still overlap may need fewer steps than one that is visible afterwards.
 *
 * Proposes: to end the block one step later, without each of the steps before in turn; to begin it one step earlier,
 * without each of its own steps in turn.
 * Continues: from the start.
 * Costs: one edit for each step before the end of the block, and one for each step of the block.
 */
export const enter: Pass = {
  name: 'enter',
  *edits({ steps, blocks }) {
    const number = blocks.length - 1;
    const last = blocks[number];
    if (!last) return;
    if (last.end < steps.length) {
      const wider = blocks.with(number, { ...last, end: last.end + 1 });
      for (let gone = last.end - 1; gone >= 0; gone--)
        yield { steps: withoutSteps(steps, gone), blocks: wider, next: START };
    }
    const [first] = blocks;
    if (first.start === 0) return;
    const earlier = blocks.with(0, { ...first, start: first.start - 1 });
    for (let gone = first.end - 1; gone >= first.start; gone--)
      yield { steps: withoutSteps(steps, gone), blocks: earlier, next: START };
  },
};
