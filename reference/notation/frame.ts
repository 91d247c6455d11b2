/**
 * The identity of a page frame, as one number, so that the model can keep frames in typed arrays and maps. The frames
 * of the pool are 0, 1, 2 and so on. Above them lie the pages that `vmalloc` allocated and the private copies of user
 * pages: one range of ids for each area and each VMA, alternating.
 */
export type FrameId = number;

/** The largest size of an area or VMA, in pages. It is also the number of frame ids that each name has. */
export const MAX_PAGES = 0x10_0000;

/**
 * The id of page `page` of the memory that was allocated for area `area` (`a0:2`).
 *
 * @example
 * ```ts
 * import { areaFrame, outcomes } from 'mmspec';
 *
 * console.log(outcomes.printOutcome(outcomes.reached(areaFrame(0, 2)))); // a0:2
 * ```
 */
export const areaFrame = (area: number, page: number): FrameId => (2 * area + 1) * MAX_PAGES + page;

/**
 * The id of the private copy of page `page` of VMA `vma` (`v0:1`).
 *
 * @example
 * ```ts
 * import { outcomes, vmaFrame } from 'mmspec';
 *
 * console.log(outcomes.printOutcome(outcomes.reached(vmaFrame(1, 0)))); // v1:0
 * ```
 */
export const vmaFrame = (vma: number, page: number): FrameId => (2 * vma + 2) * MAX_PAGES + page;

/** True if both frames are of the pool, or pages of the same area or VMA: only then does their difference mean something. */
export const inOneRange = (a: FrameId, b: FrameId): boolean => Math.floor(a / MAX_PAGES) === Math.floor(b / MAX_PAGES);

/** True for frames of the kit's pool (`f0`, `f1` ...). */
export const isPoolFrame = (frame: FrameId): boolean => frame < MAX_PAGES;

/** True for private copies of user pages (`v0:1`). */
export const isPrivateCopy = (frame: FrameId): boolean => frame >= MAX_PAGES && Math.floor(frame / MAX_PAGES) % 2 === 0;

/**
 * The area to which a frame outside the pool belongs, and the number of the page in it.
 * @returns undefined for frames of the pool and private copies.
 */
export function areaOfFrame(frame: FrameId): { readonly area: number; readonly page: number } | undefined {
  const range = Math.floor(frame / MAX_PAGES) - 1;
  return range < 0 || range % 2 !== 0 ? undefined : { area: range / 2, page: frame % MAX_PAGES };
}

const NO_AREAS: readonly number[] = [];

/**
 * The areas to which the frames of an argument belong, each once.
 * @param frames one frame, or a list of frames; undefined if the argument is left out.
 */
export function areasOfFrames(frames: FrameId | readonly FrameId[] | undefined): readonly number[] {
  if (frames === undefined) return NO_AREAS;
  if (typeof frames === 'number') {
    const of = areaOfFrame(frames);
    return of ? [of.area] : NO_AREAS;
  }
  // Most lists have frames of the pool alone: this looks at them without an iterator.
  let areas: number[] | undefined;
  for (let i = 0; i < frames.length; i++) {
    const of = isPoolFrame(frames[i]) ? undefined : areaOfFrame(frames[i]);
    if (of && !areas?.includes(of.area)) (areas ??= []).push(of.area);
  }
  return areas ?? NO_AREAS;
}

/** Prints a frame: `f3`, `a0:2`, `v0:1`. */
export function printFrame(frame: FrameId): string {
  if (frame < MAX_PAGES) return `f${frame}`;
  const range = Math.floor(frame / MAX_PAGES) - 1;
  return `${range % 2 === 0 ? 'a' : 'v'}${Math.floor(range / 2)}:${frame % MAX_PAGES}`;
}
