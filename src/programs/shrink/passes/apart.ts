import type { Step } from '../../../../reference/calls/call.ts';
import type { FrameId } from '../../../../reference/notation/frame.ts';
import { plainFrames } from '../frames.ts';
import { pagesOf } from '../order.ts';
import { type Edit, type Pass, withArgument, withEntry } from '../pass.ts';
import { absorb } from './absorb.ts';
import { join } from './join.ts';

/** Positions of the frames that a step names. */
const framed = ({ call, args }: Step): readonly number[] =>
  call.parameters.flatMap(({ type }, at) =>
    (type === 'frame' || type === 'frames') && args[at] !== undefined ? [at] : [],
  );

/** Every frame given anew, to each step frames that no other has; undefined where the pool is too small for that. */
function toldApart(steps: Edit['steps'], page: number, pool: number): (Step | undefined)[] | undefined {
  let first = 0;
  const made = steps.map(
    (step) =>
      step &&
      framed(step).reduce((now, at) => {
        const start = first;
        first += Math.max(pagesOf(now, page), 1);
        if (step.call.parameters[at].type === 'frame') return withArgument(now, at, start);
        return withArgument(now, at, plainFrames(start, (step.args[at] as readonly FrameId[]).length, pool));
      }, step),
  );
  return first <= pool ? made : undefined;
}

/**
 * Takes a step away where the rest has to name other frames to fail without it: what a step told apart, by bringing
 * memory of its own or by moving a frame to another page, is told apart by the frames.
 *
 * Proposes: each step gone but the last, and what `absorb` and `join` propose, with frames that no two steps share.
 * Goes on: from the start.
 * Costs: as many proposals as these and one for each step, for programs with two steps that name frames.
 */
export const apart: Pass = {
  name: 'apart',
  *edits(program, context) {
    const { steps, frames } = program;
    if (steps.filter((step) => framed(step).length > 0).length < 2) return;
    const next = { at: 0, size: 0 };
    const gone = steps
      .slice(0, -1)
      .map((_, at): Edit => ({ steps: withEntry<Step | undefined>(steps, at, undefined), next }));
    for (const edit of [
      ...gone,
      ...absorb.edits(program, context, undefined),
      ...join.edits(program, context, undefined),
    ]) {
      const made = toldApart(edit.steps, context.page, frames);
      if (made) yield { ...edit, steps: made };
    }
  },
};
