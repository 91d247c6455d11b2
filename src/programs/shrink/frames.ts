import type { FrameId } from '../../../reference/notation/frame.ts';

/** The plainest list of frames: ascending from `start`, and from 0 again at the end of a pool of `pool` frames. */
export const plainFrames = (start: number, pages: number, pool: number): readonly FrameId[] =>
  Array.from({ length: pages }, (_, i) => (start + i) % pool);

/** How far a list is from `plainFrames(0, ...)`: breaks in the sequence count most, then the first frame. */
export function raggedness(frames: readonly FrameId[], pool: number): number {
  let breaks = 0;
  for (let i = 1; i < frames.length; i++) if (frames[i] !== (frames[i - 1] + 1) % pool) breaks++;
  return breaks * pool + (frames[0] ?? 0);
}
