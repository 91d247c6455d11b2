import { areaOfFrame, type FrameId } from '../../../../reference/notation/frame.ts';

/** Consecutive pages of an area in a list of frames. */
export interface AreaRun {
  /** The position of the first of them in the list, and how many there are. */
  readonly at: number;
  readonly pages: number;
  /** The number of the area, and of the first page in it. */
  readonly area: number;
  readonly page: number;
}

/** The pages of areas in a list, in order. */
export function areaRunsOf(frames: readonly FrameId[]): AreaRun[] {
  const runs: AreaRun[] = [];
  for (let at = 0; at < frames.length; ) {
    const first = frames[at];
    const of = areaOfFrame(first);
    let pages = 1;
    while (of && frames[at + pages] === first + pages && areaOfFrame(first + pages)?.area === of.area) pages++;
    if (of) runs.push({ at, pages, ...of });
    at += pages;
  }
  return runs;
}

/** Runs as a C array of a structure; `fields` writes the fields of one run. */
export const areaRunArray = (struct: string, runs: readonly AreaRun[], fields: (run: AreaRun) => string): string =>
  `(const struct ${struct}[]){ ${runs.map((run) => `{ ${fields(run)} }`).join(', ')} }`;

/** The list with frame 0 in place of each page of an area. */
export const withoutAreaPages = (frames: readonly FrameId[]): FrameId[] =>
  frames.map((frame) => (areaOfFrame(frame) ? 0 : frame));
