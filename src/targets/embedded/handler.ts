import type { Run } from '../../../fixtures/simulator/machine/run.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';
import type { Step } from '../../../reference/notation/program.ts';
import type { Session } from './session.ts';

/** How a call is executed: at once (`now`), or as a run that may be suspended (`begin`), whose result `end` reads. */
export type Handler =
  | { readonly now: (session: Session, step: Step) => Outcome }
  | {
      readonly now?: undefined;
      readonly begin: (session: Session, step: Step) => Run<number>;
      readonly end: (session: Session, step: Step, result: number) => Outcome;
    };
