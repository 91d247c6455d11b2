import type { Address } from '../notation/address.ts';
import type { Outcome } from '../notation/outcome.ts';
import type { Call, ParameterDescription, Step } from './call.ts';

/** The address spaces in which steps run. */

/** The ability that a target must announce for `fork`, and for steps that run in the address space of a child. */
export const FORK_ABILITY = 'fork';

/** The address space in which a step runs, if it is not the first one: `in=m0`. */
export const IN = { name: 'in', type: 'space', optional: true } as const satisfies ParameterDescription;

const indexAt = ({ args }: Step, at: number): number =>
  at < 0 ? -1 : ((args[at] as Address | undefined)?.index ?? -1);

/** The number of the address space in which a step runs; -1 for the first one, which has no name. */
export const runsIn = (step: Step): number => indexAt(step, step.call.inAt);

/** The number of the address space that a step names, to run in it or as what it ends; -1 if it names none. */
export const namedSpace = (step: Step): number => indexAt(step, step.call.spaceAt);

/** Whether a step with this outcome bound the name of what its call makes: `ok` of a fork, an address of other calls. */
export const bindsName = ({ binds }: Pick<Call, 'binds'>, outcome: Outcome | undefined): boolean =>
  binds !== undefined && outcome?.kind === (binds === 'm' ? 'ok' : 'address');
