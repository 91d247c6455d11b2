import { lanesOf } from '../../../../reference/notation/program.ts';
import { type Pass, START } from '../pass.ts';

/**
 * Moves the first or the last step of a lane to another lane, where it frees a step: overlapping with another call, a step
 * may make a further one unnecessary.
 *
 * Proposes: for each lane with at least two steps, its first step at the start of each other lane and its last step at the
 * end, without one of the remaining steps of the block in turn.
 * Continues: from the start.
 * Costs: two edits for each lane with at least two steps, each other lane and each other step of the block.
 */
export const across: Pass = {
  name: 'across',
  *edits({ steps, blocks }) {
    for (const { start, end } of blocks) {
      const inBlock = steps.slice(start, end);
      const cpus = lanesOf(steps, { start, end });
      for (const from of cpus) {
        const own = inBlock.filter(({ cpu }) => cpu === from);
        if (own.length < 2) continue;
        for (const to of cpus) {
          if (to === from) continue;
          for (const step of [own[0], own[own.length - 1]]) {
            const moved = { ...step, cpu: to };
            const others = inBlock.filter((one) => one !== step);
            for (const gone of others) {
              const left = others.filter((one) => one !== gone);
              const inside = step === own[0] ? [moved, ...left] : [...left, moved];
              const made = [...steps.slice(0, start), ...inside, undefined, ...steps.slice(end)];
              yield { steps: made, next: START };
            }
          }
        }
      }
    }
  },
};
