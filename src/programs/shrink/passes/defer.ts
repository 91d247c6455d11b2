import { type Pass, START } from '../pass.ts';

/** Counts that are tried. */
const SMALL_COUNTS = [0, 1, 2];

/**
 * Moves a step that counts later calls (`fail_after 3`) behind some of them, with a smaller count. The steps that it
 * passes are no longer counted, and may become plainer.
 *
 * Proposes: for each such step, to stand before each later step, with a small count.
 * Continues: from the start.
 * Costs: three edits for each later step, in the few programs that have such a step.
 */
export const defer: Pass = {
  name: 'defer',
  *edits({ steps, blocks }) {
    if (blocks.length > 0) return;
    for (const [at, step] of steps.entries()) {
      if (step.call.effect !== 'arms' || step.call.parameters.length !== 1) continue;
      const left = steps.toSpliced(at, 1);
      for (let to = left.length - 1; to >= at; to--) {
        for (const count of SMALL_COUNTS)
          yield { steps: left.toSpliced(to, 0, { ...step, args: [count] }), next: START, whole: true };
      }
    }
  },
};
