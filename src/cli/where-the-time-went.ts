import { grouped } from '../common/words.ts';
import type { CampaignResult } from '../run/campaign/options.ts';
import type { Spent } from '../targets/target.ts';

const perStep = (microseconds: number, steps: number): string => (microseconds / Math.max(1, steps)).toFixed(2);

/**
 * Where the time of a run went, for people: one line for this process, and one for the target if it says. All times are
 * microseconds of wall-clock time for each step. Empty for a target in this process, and for several jobs: there, it is
 * not measured.
 */
export function whereTheTimeWent({ running, steps, times }: CampaignResult, spent: Spent | undefined): string {
  if (!times) return '';
  const rest = running - times.generating - times.judging - times.waiting;
  const parts = Object.entries({ ...times, rest }).map(([name, ms]) => `${name} ${perStep(ms * 1000, steps)}`);
  const kit = `time of each of ${grouped(steps)} steps, in microseconds: ${perStep(running * 1000, steps)}\n  in the kit: ${parts.join(', ')}\n`;
  if (!spent) return kit;
  const inTarget = [...spent.microseconds].map(([name, us]) => `${name} ${perStep(us, spent.steps)}`);
  return `${kit}  in the target, for ${grouped(spent.steps)} steps since it was last started: ${inTarget.join(', ')}\n`;
}
