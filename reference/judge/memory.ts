import type { Step } from '../calls/call.ts';
import * as common from '../clauses/common.ts';
import type { Model } from '../model/model.ts';
import type { Outcome } from '../notation/outcome.ts';

/** With the trait memory=ample a program may count on this many pages, unless the target declares another number. */
export const AMPLE_PAGES = 1024;
/** It may count on this part of a window. The rest is for what lingers, for blocks, and for gaps between areas. */
const WINDOW_SHARE = 1 / 16;
/** Pages that each area and VMA takes besides its own: guard pages, page tables, alignment. */
const SURROUNDING_PAGES = 4;

/** A step is about to run, or a block with it: counts the pages that it asks for, and whether it makes calls fail. */
export function foresee(model: Model, step: Step): void {
  const { call } = step;
  if (call.effect === 'arms') model.injected++;
  const pages = call.takes?.(step, model.page);
  if (pages !== undefined) model.asked[call.side === 'user' ? 'user' : 'kernel'] += pages + SURROUNDING_PAGES;
}

/** Whether the program has asked for more pages than it can count on. A step may then get no memory, and fail. */
function asksForMuch(model: Model, { call }: Step): boolean {
  const { asked, windows } = model;
  if (asked.kernel + asked.user > model.memory) return true;
  if (call.takes === undefined) return false;
  const side = call.side === 'user' ? 'user' : 'kernel';
  const window = windows.get(side);
  return window !== undefined && asked[side] > (window.end - window.start) * WINDOW_SHARE;
}

/** Judges whether a step failed because it got no memory, and whether anything explains that. */
export function judgeMemory(model: Model, step: Step, outcome: Outcome): void {
  const { lacksMemory } = step.call;
  if (lacksMemory === undefined || !model.applies(common.MEMORY) || asksForMuch(model, step)) return;
  const fails = lacksMemory(model, step, outcome);
  if (!fails && model.injected > 0) return;
  if (!fails || model.explainByInjection()) return model.uphold(common.MEMORY);
  const asked = model.asked.kernel + model.asked.user;
  const explanation = `no fail_after explains a failure here, and the program has asked for only ${asked} pages`;
  model.violate(common.MEMORY, `success: ${explanation}`);
}
