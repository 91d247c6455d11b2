import type { FrameId } from '../../../reference/notation/frame.ts';
import type { Random } from './random.ts';

/** How a program chooses the frames of its mappings. */
export type FrameStyle = 'ascending' | 'fresh' | 'random' | 'repeated';

/** The part of the pool that a program uses. In a small part, aliases of the same frame are likely. */
export interface FrameRange {
  readonly first: number;
  readonly count: number;
}

/** Where style `fresh` continues: the frame that has been unused for the longest time. */
export interface Cursor {
  at: number;
}

/**
 * A list of frames. Neighbours differ if the range has two frames or more, so that an access that is off by one page is
 * visible. The exception is style `repeated`, which uses one frame only.
 */
export function drawFrames(
  random: Random,
  pages: number,
  { first, count }: FrameRange,
  style: FrameStyle,
  cursor: Cursor,
): readonly FrameId[] {
  // With `push`, most lists would take several times the memory.
  const frames = new Array<FrameId>(pages);
  let at = style === 'fresh' ? cursor.at % count : random.below(count);
  for (let page = 0; page < pages; page++) {
    frames[page] = first + at;
    if (style === 'random') at += random.between(1, Math.max(count - 1, 1));
    else if (style !== 'repeated') at++;
    if (at >= count) at %= count;
  }
  if (style === 'fresh') cursor.at = at;
  return frames;
}
