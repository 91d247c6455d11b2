import type { Model } from '../model/model.ts';
import type { Outcome } from '../notation/outcome.ts';
import type { Step } from './call.ts';

/** For calls that return -ENOMEM if they get no memory, and only then: whether the call did. */
export const returnsEnomem = (_model: Model, _step: Step, { kind, text }: Outcome): boolean =>
  kind === 'errno' && text === 'ENOMEM';

/** The same for calls that may also return -EAGAIN. */
export const returnsEnomemOrEagain = (_model: Model, _step: Step, { kind, text }: Outcome): boolean =>
  kind === 'errno' && (text === 'ENOMEM' || text === 'EAGAIN');
