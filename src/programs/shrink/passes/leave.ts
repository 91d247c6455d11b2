import type { Program } from '../../../../reference/calls/valid.ts';
import { lanesOf } from '../../../../reference/notation/program.ts';
import { type Edit, type Pass, START } from '../pass.ts';

/** The first or last step of a lane, moved out of the block with this number. */
function movedOut({ steps, blocks }: Program, number: number, at: number, before: boolean): Edit {
  const { start, end, attributes } = blocks[number];
  const made = steps.toSpliced(at, 1).toSpliced(before ? start : end - 1, 0, steps[at]);
  const block = before ? { start: start + 1, end, attributes } : { start, end: end - 1, attributes };
  return { steps: made, blocks: blocks.with(number, block), next: START, whole: true };
}

/**
 * Moves steps out of a block.
 *
 * Proposes: for each lane, to move its first step before the block, then its last step behind the block.
 * Continues: from the start.
 * Costs: two edits for each lane.
 */
export const leave: Pass = {
  name: 'leave',
  *edits(program) {
    for (const [number, block] of program.blocks.entries()) {
      for (const cpu of lanesOf(program.steps, block)) {
        const inLane = program.steps.flatMap((step, at) =>
          at >= block.start && at < block.end && step.cpu === cpu ? [at] : [],
        );
        yield movedOut(program, number, inLane[0], true);
        yield movedOut(program, number, inLane[inLane.length - 1], false);
      }
    }
  },
};
