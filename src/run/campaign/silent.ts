import type { Call } from '../../../reference/calls/call.ts';
import { CALLS } from '../../../reference/contract.ts';
import { callCoverage } from '../report/calls.ts';
import type { Meter } from './meter.ts';
import type { CampaignOptions } from './options.ts';

/**
 * Whether a run must show an effect of each call by itself: it has random programs and tests the whole target. A gate has
 * directed programs for that, and shards are judged together by `merge`.
 */
export const showsEveryCall = ({ budget, only = false, shard }: CampaignOptions): boolean =>
  !only && budget.random === undefined && shard === undefined;

/** The calls of the target that have shown no effect so far. */
export function silentCalls({ tally }: Pick<Meter, 'tally'>, { target }: CampaignOptions): Call[] {
  const silent = callCoverage(tally, target.manifest).filter(({ effects }) => effects === 0);
  const names = new Set(silent.map(({ call }) => call));
  return CALLS.filter(({ name }) => names.has(name));
}
