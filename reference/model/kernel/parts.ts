import type { FrameId } from '../../notation/frame.ts';
import type { Mapping, Removal } from '../promises.ts';
import { type Life, NOT_YET, olderAt } from './life.ts';
import type { Lives } from './lives.ts';

/**
 * The pages of sparse areas. The area itself has a life without frames: nothing is mapped in it. Each page that a call maps
 * there has a life of its own, because each can be unmapped alone.
 */

/** Maps frames in a sparse area, from its page `from` on. `certain`: the call succeeded, so they are all mapped. */
export function mapPart(
  lives: Lives,
  name: number,
  from: number,
  frames: readonly FrameId[],
  mapping: Mapping,
  certain: boolean,
): void {
  const area = lives.named[name]!;
  const parts = area.parts!;
  for (let i = 0; i < frames.length; i++) {
    const page = from + i;
    const part = lives.begin(name, area.start + page, frames.slice(i, i + 1), mapping, lives.model.now);
    part.whole = area;
    part.certain = certain;
    part.older = parts[page] ?? olderAt(area, page);
    parts[page] = part;
    lives.newest.set(part.start, part.start + 1, part);
  }
}

/**
 * The live sparse area that has a page number, its guard page included; undefined if none has it. No call on it stands in a
 * parallel block, so there, too, it is known what is mapped.
 */
export function sparseAt({ newest, model }: Lives, location: number): Life | undefined {
  const life = newest.at(location);
  const area = life?.whole ?? life;
  return area?.parts !== undefined && area.unmapped > model.now ? area : undefined;
}

/** The pages of a sparse area that are mapped, in the range `[from, to)` of its pages. */
export const mappedParts = ({ parts = [] }: Life, from = 0, to = parts.length): Life[] =>
  parts.slice(from, to).filter((part): part is Life => part?.unmapBegan === NOT_YET);

/** Whether a page in the range `[from, to)` of a sparse area is certainly mapped. */
export const isSomeMapped = (area: Life, from: number, to: number): boolean =>
  mappedParts(area, from, to).some(({ certain }) => certain);

/** A call found a page of a sparse area mapped. Returns whether it can be. */
export function findMapped(area: Life, page: number): boolean {
  const [part] = mappedParts(area, page, page + 1);
  if (part) part.certain = true;
  return part !== undefined;
}

/**
 * A call looked for a frame in the pages `[from, to)` of a sparse area, in order.
 * @returns the first page at which the frame is certainly mapped, or -1.
 */
export const firstWith = (area: Life, frame: FrameId, from: number, to: number): number => {
  const part = mappedParts(area, from, to).find(({ certain, frames }) => certain && frames[0] === frame);
  return part ? part.start - area.start : -1;
};

/** A call found a frame mapped at a page of a sparse area. Returns whether it can be. */
export const findFrame = (area: Life, frame: FrameId, page: number): boolean =>
  mappedParts(area, page, page + 1).some(({ frames }) => frames[0] === frame) && findMapped(area, page);

/** A call did not find a frame in the pages `[from, to)` of a sparse area, where it was not certainly mapped. */
export function missFrame(lives: Lives, area: Life, frame: FrameId, from: number, to: number): void {
  for (const part of mappedParts(area, from, to)) if (part.frames[0] === frame) settles(lives, part, true);
}

/** Maps frames in a sparse area, in pages that were not mapped before: the call has looked. */
export function fillPart(lives: Lives, name: number, from: number, frames: readonly FrameId[], mapping: Mapping): void {
  for (const part of mappedParts(lives.named[name]!, from, from + frames.length)) settles(lives, part, true);
  mapPart(lives, name, from, frames, mapping, true);
}

/** Unmaps what is mapped in the pages `[from, to)` of a sparse area, and counts the frames. */
export function unmapParts(lives: Lives, area: Life, from: number, to: number, removal: Removal): void {
  const { model } = lives;
  for (const part of mappedParts(area, from, to)) {
    lives.end(part, removal);
    for (const frame of part.frames) model.count(frame, 0, 0, removal.counts);
  }
}

/**
 * An answer shows whether a page is mapped, which was not known since the call that mapped it had failed.
 * @returns whether it is not mapped, so that the answer is right.
 */
export function settles(lives: Lives, part: Life, missing: boolean): boolean {
  part.certain = true;
  if (!missing) return false;
  const area = part.whole!;
  const before = olderAt(part, 0);
  const earlier = before?.whole === area ? before : undefined;
  area.parts![part.start - area.start] = earlier;
  lives.newest.set(part.start, part.start + 1, earlier ?? area);
  return true;
}
