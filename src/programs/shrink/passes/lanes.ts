import { lanesOf } from '../../../../reference/notation/program.ts';
import { type Pass, START } from '../pass.ts';

/**
 * Removes overlap.
 *
 * Proposes: each block as plain steps, lane after lane, starting with each lane in turn; each block without one of its
 * lanes.
 * Continues: from the start.
 * Costs: two edits for each lane.
 */
export const lanes: Pass = {
  name: 'lanes',
  *edits({ steps, blocks }) {
    for (const block of blocks) {
      const others = blocks.filter((other) => other !== block);
      const cpus = lanesOf(steps, block);
      const inBlock = steps.slice(block.start, block.end);
      for (const turn of cpus.keys()) {
        const order = [...cpus.slice(turn), ...cpus.slice(0, turn)];
        const inside = order.flatMap((cpu) => inBlock.filter((step) => step.cpu === cpu));
        const plain = steps.toSpliced(block.start, inBlock.length, ...inside);
        yield { steps: plain, blocks: others, next: START, whole: true };
      }
      for (const cpu of cpus) {
        const left = steps.map((step, at) =>
          at >= block.start && at < block.end && step.cpu === cpu ? undefined : step,
        );
        yield { steps: left, next: START };
      }
    }
  },
};
