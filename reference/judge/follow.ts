import type { Call } from '../calls/call.ts';
import { ModelView } from '../model/view.ts';
import { type Access, WatchedModel } from '../model/watched.ts';
import type { Trace as AnyTrace } from '../notation/program.ts';
import type { Traits } from '../profiles/traits.ts';
import type { Phase } from './observer.ts';
import { walk } from './walk.ts';

/** What is seen after a step, or after its call or return in a parallel block. */
export interface Event {
  /** Index of the step. */
  readonly step: number;
  readonly phase: Phase;
  /** The access to memory that the step made, if any. */
  readonly access: Access | undefined;
}

/**
 * Takes the judge's model through a trace, and shows what it knows after each event. It does not stop at a violation or
 * at an answer that the grammar forbids; such a step has the effect that the contract allows.
 * @param page page size in bytes.
 */
export function follow(
  trace: AnyTrace<Call>,
  traits: Traits,
  page: number,
  observer: (view: ModelView, event: Event) => void,
): void {
  const model = new WatchedModel(traits, trace.program.frames, page);
  const view = new ModelView(model);
  walk(model, trace, (step, phase) => {
    observer(view, { step, phase, access: model.access });
    model.access = undefined;
  });
}
