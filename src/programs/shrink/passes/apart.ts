import type { Step } from '../../../../reference/calls/call.ts';
import { argumentsOf, type GivenArgument, withArgument } from '../../arguments.ts';
import { plainFrames } from '../frames.ts';
import { pagesOf } from '../order.ts';
import { type Edit, type Pass, START, withoutSteps } from '../pass.ts';
import { absorb } from './absorb.ts';
import { join } from './join.ts';

type FrameArgument = Extract<GivenArgument, { readonly type: 'frame' | 'frames' }>;

/** The arguments of a step that name frames. */
const frameArguments = (step: Step): readonly FrameArgument[] =>
  argumentsOf(step).filter((argument) => argument.type === 'frame' || argument.type === 'frames');

/** The steps with new frames, different ones for each argument; undefined if the pool is too small. */
function withDistinctFrames(steps: Edit['steps'], page: number, pool: number): (Step | undefined)[] | undefined {
  let first = 0;
  const made = steps.map(
    (step) =>
      step &&
      frameArguments(step).reduce((now, { type, value, position }) => {
        const start = first;
        first += Math.max(pagesOf(now, page), 1);
        return withArgument(now, position, type === 'frame' ? start : plainFrames(start, value.length, pool));
      }, step),
  );
  return first <= pool ? made : undefined;
}

/**
 * Removes a step that only made two frames distinguishable, by bringing memory of its own or by moving a frame to
 * another page. Different frames do the same.
 *
 * Proposes: to remove each step but the last, and what `absorb` and `join` propose, with frames that no two steps
 * share.
 * Continues: from the start.
 * Costs: one edit for each step, and those of `absorb` and `join`; none for programs with fewer than two steps that
 * name frames.
 */
export const apart: Pass = {
  name: 'apart',
  *edits(program, context) {
    const { steps, frames } = program;
    if (steps.filter((step) => frameArguments(step).length > 0).length < 2) return;
    const removals = steps.slice(0, -1).map((_, at): Edit => ({ steps: withoutSteps(steps, at), next: START }));
    for (const edit of [
      ...removals,
      ...absorb.edits(program, context, undefined),
      ...join.edits(program, context, undefined),
    ]) {
      const made = withDistinctFrames(edit.steps, context.page, frames);
      if (made) yield { ...edit, steps: made };
    }
  },
};
