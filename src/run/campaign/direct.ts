import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Program } from '../../../reference/calls/valid.ts';
import { executeDirect } from '../../findings/execution.ts';
import type { CampaignState } from './state.ts';

/** Steps between two looks at the clock and the event loop. */
const SLICE_STEPS = 20_000;

/** Runs the programs of a campaign on a target in this process, until `draw` has no more of them. */
export async function runDirect(state: CampaignState, draw = () => state.draw()): Promise<void> {
  let more = true;
  while (more && !state.over) {
    more = await runSlice(state, draw);
    await nextTurn();
    state.report();
  }
}

/** Runs programs for a while without giving up the thread. Returns false when there are no more. */
async function runSlice(state: CampaignState, draw: () => Program | undefined): Promise<boolean> {
  const { meter, options } = state;
  const { target, agreement, onJudged } = options;
  const until = meter.steps + SLICE_STEPS;
  do {
    const program = draw();
    if (!program) return false;
    const judged = executeDirect(target, program, agreement.terms, meter.tally);
    if (judged.violation) {
      await state.take(judged);
      return true;
    }
    onJudged?.(judged);
    meter.count(judged);
  } while (meter.steps < until && !meter.complete);
  return true;
}
