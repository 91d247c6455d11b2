import { BatchedLoop } from './batched.ts';
import { runDirect } from './direct.ts';
import { showEffects } from './effects.ts';
import { MergedLoop } from './jobs/merged.ts';
import { jobsOf } from './jobs/number.ts';
import type { CampaignOptions, CampaignResult } from './options.ts';
import { CampaignState } from './state.ts';

/**
 * Runs programs against a target until the budget is spent, judges them, and shrinks those that fail. Most callers want
 * `run()`, which opens the target, makes a plan and writes a report; a campaign is the part in the middle.
 *
 * @example
 * ```ts
 * const options = { budget: { programs: 100 } };
 * const { findings } = await withPlan('embedded', options, (plan) => new Campaign(plan).run());
 * ```
 */
export class Campaign {
  readonly #options: CampaignOptions;

  constructor(options: CampaignOptions) {
    this.#options = options;
  }

  /**
   * Runs the campaign.
   * @throws TargetFailure when the target fails outside a step: at once without `onFailure`, else after too many
   * failures. UsageError for more than one job on a target that cannot be opened several times.
   */
  async run(): Promise<CampaignResult> {
    const jobs = jobsOf(this.#options);
    const state = new CampaignState(this.#options);
    if (jobs > 1) await new MergedLoop(state, jobs).run();
    else if (this.#options.target.direct) await runDirect(state);
    else await new BatchedLoop(state).run();
    await showEffects(state);
    return state.result();
  }
}
