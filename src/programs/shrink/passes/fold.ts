import { lanesOf } from '../../../../reference/notation/program.ts';
import { type Pass, START } from '../pass.ts';

/**
 * Makes one lane of two.
 *
 * Proposes: for each two lanes of a block with more than two, to run the steps of one after those of the other, or
 * before them.
 * Continues: from the start.
 * Costs: two edits for each ordered pair of lanes of such a block.
 */
export const fold: Pass = {
  name: 'fold',
  *edits({ steps, blocks }) {
    for (const block of blocks) {
      const cpus = lanesOf(steps, block);
      if (cpus.length < 3) continue;
      const inBlock = steps.slice(block.start, block.end);
      const lane = (cpu: number) => inBlock.filter((step) => step.cpu === cpu);
      for (const kept of cpus) {
        for (const gone of cpus) {
          if (gone === kept) continue;
          const others = cpus.filter((cpu) => cpu !== kept && cpu !== gone).flatMap(lane);
          const moved = lane(gone).map((step) => ({ ...step, cpu: kept }));
          for (const joined of [
            [...lane(kept), ...moved],
            [...moved, ...lane(kept)],
          ]) {
            const made = steps.toSpliced(block.start, inBlock.length, ...joined, ...others);
            yield { steps: made, next: START, whole: true };
          }
        }
      }
    }
  },
};
