import type { Step } from '../calls/call.ts';
import * as common from '../clauses/common.ts';
import { asksForMuch } from '../model/asked.ts';
import type { Model } from '../model/model.ts';
import type { Outcome } from '../notation/outcome.ts';

/** With the trait memory=ample a program may count on this many pages, unless the target declares another number. */
export const AMPLE_PAGES = 1024;
/** Pages that each area and VMA takes besides its own: guard pages, page tables, alignment. */
const SURROUNDING_PAGES = 4;

/** The side whose addresses a call takes. */
const sideOf = ({ side }: Step['call']): 'kernel' | 'user' => (side === 'user' ? 'user' : 'kernel');

/** A step is about to run, or a block with it: counts the pages that it asks for, and whether it makes calls fail. */
export function foresee(model: Model, step: Step): void {
  const { call } = step;
  if (call.effect === 'arms') model.injected++;
  const pages = call.takes?.(step, model.page);
  if (pages !== undefined) model.asked[sideOf(call)] += pages + SURROUNDING_PAGES;
}

/** Judges whether a step failed because it got no memory, and whether anything explains that. */
export function judgeMemory(model: Model, step: Step, outcome: Outcome): void {
  const { lacksMemory, takes } = step.call;
  if (lacksMemory === undefined || !model.applies(common.MEMORY)) return;
  if (asksForMuch(model, takes && sideOf(step.call))) return;
  const fails = lacksMemory(model, step, outcome);
  if (!fails && model.injected > 0) return;
  if (!fails || model.explainByInjection()) return model.uphold(common.MEMORY);
  const asked = model.asked.kernel + model.asked.user;
  const explanation = `no fail_after explains a failure here, and the program has asked for only ${asked} pages`;
  model.violate(common.MEMORY, `success: ${explanation}`);
}
