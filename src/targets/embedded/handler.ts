import type { Run } from '../../../fixtures/simulator/machine/run.ts';
import type { StepOf } from '../../../reference/calls/index.ts';
import type { CallName } from '../../../reference/notation/names.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';
import type { Step } from '../../../reference/notation/program.ts';
import type { Session } from './session.ts';

/** Executes steps at once. */
interface Immediate<S> {
  now(session: Session, step: S): Outcome;
}

/** Executes steps as a run, which may be suspended. `end` turns the run's result into the outcome. */
export interface Suspendable<S> {
  readonly now?: undefined;
  readonly run?: undefined;
  begin(session: Session, step: S): Run<number>;
  end(session: Session, step: S, result: number): Outcome;
}

/** Executes steps as a run, which may be suspended, and which computes the outcome itself. */
interface Whole<S> {
  readonly now?: undefined;
  run(session: Session, step: S): Run<Outcome>;
}

/** How the steps of a call are executed. */
export type Handler<N extends CallName> = Immediate<StepOf<N>> | Suspendable<StepOf<N>> | Whole<StepOf<N>>;

/** A handler that was looked up by the name of a step's call, so that it fits the step. */
export type AnyHandler = Immediate<Step> | Suspendable<Step> | Whole<Step>;

/** Handlers of some of the calls. `embedded.ts` has all of them. */
export type SomeHandlers = { readonly [N in CallName]?: Handler<N> };
