import type { Program } from '../../../reference/calls/valid.ts';
import { runWithPauses } from '../../common/event-loop.ts';
import { type Fails, type FailsNow, type ShrinkOptions, type Shrunk, shrinkBatched, shrinking } from './shrink.ts';

/**
 * The smallest program (in the order of order.ts) that the passes reach and that still fails with the same key. Give
 * `failsNow` for a target of this process, `fails` for one that runs programs in batches.
 */
export async function shrink(
  program: Program,
  options: ShrinkOptions & ({ readonly failsNow: FailsNow } | { readonly fails: Fails }),
): Promise<Shrunk> {
  return 'failsNow' in options
    ? runWithPauses(shrinking(program, options.failsNow, options))
    : shrinkBatched(program, options.fails, options);
}

export { compare, measure } from './order.ts';
export { type Scheduled, type Schedules, withoutAttributes } from './reschedule.ts';
export { UNDECIDED } from './search.ts';
export type { Fails, FailsNow, ShrinkOptions, Shrunk } from './shrink.ts';
export { shrinkBatched, shrinkNow } from './shrink.ts';
