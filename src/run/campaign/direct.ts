import { setImmediate as nextTurn } from 'node:timers/promises';
import { executeDirect } from '../../findings/execution.ts';
import type { CampaignState } from './state.ts';

/** Steps between two looks at the clock and the event loop. */
const SLICE_STEPS = 20_000;

/** Runs the programs of a campaign on a target in this process. */
export async function runDirect(state: CampaignState): Promise<void> {
  while (!state.over) {
    await runSlice(state);
    await nextTurn();
    state.report();
  }
}

/** Runs programs for a while without giving up the thread. */
async function runSlice(state: CampaignState): Promise<void> {
  const { meter, options } = state;
  const { target, agreement, onJudged } = options;
  const until = meter.steps + SLICE_STEPS;
  do {
    const program = state.draw();
    if (!program) return;
    const judged = executeDirect(target, program, agreement.terms, meter.tally);
    if (judged.violation) return state.take([judged]);
    onJudged?.(judged);
    meter.count(judged);
  } while (meter.steps < until && !meter.complete);
}
