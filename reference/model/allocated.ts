import { LEAKS } from '../clauses/common.ts';
import { type FrameId, isPoolFrame } from '../notation/frame.ts';
import { NOT_YET } from './kernel/life.ts';
import type { Model } from './model.ts';

/** Adds the frames that calls have allocated. Those of the pool are the kit's. */
function addAllocated(to: Set<FrameId>, frames: readonly FrameId[]): void {
  for (const frame of frames) if (frame >= 0 && !isPoolFrame(frame)) to.add(frame);
}

/**
 * Judges how many pages of memory are allocated: those of live areas of vmalloc, and those that VMAs map, private copies
 * for example. The memory of an area that was freed may be kept until a flush covers its addresses.
 */
export function expectAllocated(model: Model, seen: number): void {
  // Where overlapping calls leave several states possible, the number is not known.
  if (model.overlapping || model.user.live.some(({ possible }) => possible !== undefined)) return;
  const needed = new Set<FrameId>();
  const kept = new Set<FrameId>();
  let allocates = false;
  for (const life of model.kernel.named) {
    if (life === undefined || life.frames.length === 0 || isPoolFrame(life.frames[0])) continue;
    allocates = true;
    if (life.unmapped === NOT_YET) addAllocated(needed, life.frames);
    else if (model.kernel.lazy && !model.kernel.isFlushed(life)) addAllocated(kept, life.frames);
  }
  for (const vma of model.user.live) addAllocated(needed, vma.frames);
  for (const frame of needed) kept.add(frame);
  if (!allocates && kept.size === 0 && seen === 0) return model.unarmed(LEAKS);
  model.showEffect(model.call);
  const held = seen >= needed.size && seen <= kept.size;
  model.expect(LEAKS, held, () => (needed.size === kept.size ? `${needed.size}` : `${needed.size} to ${kept.size}`));
}
