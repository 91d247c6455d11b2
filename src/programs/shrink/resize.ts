import type { Step } from '../../../reference/calls/call.ts';
import type { FrameId } from '../../../reference/notation/frame.ts';
import { plainFrames } from './frames.ts';
import { withArgument } from './pass.ts';

/** A list of frames of another length; what is added goes on where the list ends. */
function stretched(frames: readonly FrameId[], pages: number, pool: number): readonly FrameId[] {
  if (pages <= frames.length) return frames.slice(0, pages);
  const last = frames.length > 0 ? frames[frames.length - 1] : -1;
  return [...frames, ...plainFrames(last + 1, pages - frames.length, pool)];
}

/** The step with its argument at `position` standing for `pages` pages, in a pool of `pool` frames. */
export function resized(step: Step, position: number, pages: number, page: number, pool: number): Step {
  const value = step.args[position];
  switch (step.call.parameters[position].type) {
    case 'frames':
      return withArgument(step, position, stretched(value as readonly FrameId[], pages, pool));
    case 'bytes': {
      const missing = Math.ceil((value as number) / page) * page - (value as number);
      return withArgument(step, position, pages * page - missing);
    }
    default:
      return withArgument(step, position, pages);
  }
}

/** The only argument of a step that stands for pages of an area, or -1. */
export const sizedArgument = ({ call }: Pick<Step, 'call'>): number =>
  call.binds === 'a' ? call.parameters.findIndex(({ type }) => type === 'frames' || type === 'bytes') : -1;
