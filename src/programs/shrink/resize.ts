import type { Step } from '../../../reference/calls/call.ts';
import type { FrameId } from '../../../reference/notation/frame.ts';
import { argumentAt, withArgument } from '../arguments.ts';
import { plainFrames } from './frames.ts';

/** A list of frames cut or extended to a length; added frames continue the sequence. */
function stretched(frames: readonly FrameId[], pages: number, pool: number): readonly FrameId[] {
  if (pages <= frames.length) return frames.slice(0, pages);
  const last = frames.length > 0 ? frames[frames.length - 1] : -1;
  return [...frames, ...plainFrames(last + 1, pages - frames.length, pool)];
}

/** The step with its argument at `position` resized to `pages` pages. `page`: bytes; `pool`: frames in the pool. */
export function resized(step: Step, position: number, pages: number, page: number, pool: number): Step {
  const argument = argumentAt(step, position);
  switch (argument?.type) {
    case 'frames':
      return withArgument(step, position, stretched(argument.value, pages, pool));
    case 'bytes': {
      const missing = Math.ceil(argument.value / page) * page - argument.value;
      return withArgument(step, position, pages * page - missing);
    }
    default:
      return withArgument(step, position, pages);
  }
}

/** The position of the argument that gives the size of the area that the step creates; -1 if it creates none. */
export const sizedArgument = ({ call }: Pick<Step, 'call'>): number =>
  call.binds === 'a' ? call.parameters.findIndex(({ type }) => type === 'frames' || type === 'bytes') : -1;
