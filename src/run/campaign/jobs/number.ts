import { availableParallelism } from 'node:os';
import { UsageError } from '../../../common/errors.ts';
import type { CampaignOptions } from '../options.ts';

/**
 * The least work for which a job is worth starting: loading the code into another thread takes longer than running less
 * than this in a thread that has loaded it.
 */
const MIN_SHARE = {
  direct: { programs: 10_000, steps: 400_000, milliseconds: 1500 },
  remote: { programs: 1000, steps: 20_000, milliseconds: 3000 },
};

/**
 * How many threads run the random programs of a campaign.
 * @throws UsageError if more than one is asked for, and the target cannot be opened several times.
 */
export function jobsOf(options: CampaignOptions): number {
  const { jobs = 1, only, target, onJudged } = options;
  if (jobs !== 'auto') {
    if (jobs > 1 && !target.copies)
      throw new UsageError(
        `${jobs} jobs asked for, but there is only one ${target.spec}; use one job${target.spec.startsWith('linux:') ? ', and several virtual machines: --vms' : ''}`,
      );
    return only || onJudged ? 1 : jobs;
  }
  if (only || onJudged || target.copies !== 'independent') return 1;
  return Math.max(1, Math.min(availableParallelism(), Math.floor(shares(options))));
}

/** How many jobs the budget gives enough work. */
function shares({ budget, target }: CampaignOptions): number {
  const least = target.direct ? MIN_SHARE.direct : MIN_SHARE.remote;
  const { programs = Number.POSITIVE_INFINITY, random = programs, steps, milliseconds } = budget;
  return Math.min(
    Math.min(programs, random) / least.programs,
    (steps ?? Number.POSITIVE_INFINITY) / least.steps,
    (milliseconds ?? Number.POSITIVE_INFINITY) / least.milliseconds,
  );
}
