import type { Report } from '../report/report.ts';
import type { GatePlan } from './plan.ts';

/** The part of the time budget that a calibrated gate uses on the machine of the calibration. The rest is reserve. */
const USED = 0.75;
/** How many digits of the number of programs are kept: the next calibration then gives nearly the same number. */
const DIGITS = 2;

/** The plan of a gate that runs random programs until its part of the budget is over. */
export const calibrating = (plan: GatePlan): GatePlan => ({
  ...plan,
  budget: plan.budget * USED,
  random: Number.MAX_SAFE_INTEGER,
});

/**
 * How many random programs fit into the budget, by the report of a calibrating gate; 0 if its other programs took all of
 * the time.
 *
 * @example
 * ```ts
 * fitting({ phases: [{ name: 'random', done: 7312, left: 99, unfit: 0 }] }); // 7300
 * ```
 */
export function fitting({ phases }: Pick<Report, 'phases'>): number {
  const done = phases.find(({ name }) => name === 'random')?.done ?? 0;
  const unit = 10 ** Math.max(0, String(done).length - DIGITS);
  return Math.floor(done / unit) * unit;
}

/** What a calibration writes into a configuration. */
export interface Calibrated {
  readonly programs: number;
  /** Time budget in milliseconds. */
  readonly budget: number;
}

const printDuration = (milliseconds: number): string =>
  milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;

/**
 * A configuration with the settings of a calibration. Other lines, and comments, stay as they are.
 * @param text the configuration before; '' if it does not exist.
 *
 * @example
 * ```ts
 * withCalibrated('programs 800 # few\n', { programs: 7300, budget: 90_000 }); // 'programs 7300\nbudget 90s\n'
 * ```
 */
export function withCalibrated(text: string, { programs, budget }: Calibrated): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  for (const [name, value] of [
    ['programs', String(programs)],
    ['budget', printDuration(budget)],
  ]) {
    // If a setting stands in several lines, the last one counts.
    const at = lines.findLastIndex((line) => line.trim().split(/\s+/)[0] === name);
    if (at < 0) lines.push(`${name} ${value}`);
    else lines[at] = `${name} ${value}`;
  }
  return `${lines.join('\n')}\n`;
}
