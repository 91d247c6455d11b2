import { LEAKS } from '../clauses/common.ts';
import { areaOfFrame, type FrameId, isPoolFrame } from '../notation/frame.ts';
import { type Life, NOT_YET } from './kernel/life.ts';
import type { Model } from './model.ts';

/** Whether calls have allocated the frames of a life. Those of the pool are the kit's. */
const isAllocated = ({ frames }: Life): boolean => frames.length > 0 && !isPoolFrame(frames[0]);

/** The memory of an area that was freed may be kept until a flush covers its addresses. */
const mayBeKept = ({ kernel }: Model, life: Life): boolean => kernel.lazy && !kernel.isFlushed(life);

/** The allocated frames that VMAs map, each once: private copies, and pages of areas. Undefined if there are none. */
function allocatedInVmas(model: Model): Set<FrameId> | undefined {
  let found: Set<FrameId> | undefined;
  for (const { frames } of model.liveVmas) {
    for (let page = 0; page < frames.length; page++) {
      const frame = frames[page];
      if (frame >= 0 && !isPoolFrame(frame)) (found ??= new Set()).add(frame);
    }
  }
  return found;
}

/** The life of the area that a frame was allocated for; undefined if that was no area. */
function ownerOf({ kernel }: Model, frame: FrameId): Life | undefined {
  const of = areaOfFrame(frame);
  const life = of && kernel.named[of.area];
  return life && isAllocated(life) && of.page < life.frames.length ? life : undefined;
}

/**
 * Judges how many pages of memory are allocated: those of live areas of vmalloc, and those that VMAs map, private copies
 * for example.
 */
export function expectAllocated(model: Model, seen: number): void {
  // Where overlapping calls leave several states possible, the number is not known.
  if (model.overlapping || model.liveVmas.some(({ possible }) => possible !== undefined)) return;
  let needed = 0;
  let kept = 0;
  let allocates = false;
  for (const life of model.kernel.named) {
    if (life === undefined || !isAllocated(life)) continue;
    allocates = true;
    if (life.freedByWorker) kept += life.frames.length;
    else if (life.unmapped === NOT_YET) needed += life.frames.length;
    else if (mayBeKept(model, life)) kept += life.frames.length;
  }
  for (const frame of allocatedInVmas(model) ?? NOTHING) {
    const owner = ownerOf(model, frame);
    if (owner?.unmapped === NOT_YET) continue;
    needed++;
    // VMAs still map this page of an area that was freed, so it is needed.
    if (owner && mayBeKept(model, owner)) kept--;
  }
  const most = needed + kept;
  if (!allocates && most === 0 && seen === 0) return model.unarmed(LEAKS);
  model.showEffect(model.call);
  model.expect(LEAKS, seen >= needed && seen <= most, () => (kept === 0 ? `${needed}` : `${needed} to ${most}`));
}

const NOTHING: readonly FrameId[] = [];
