import { Campaign } from '../../src/run/campaign/campaign.ts';
import { plan } from '../../src/run/plan.ts';
import type { OpenTarget } from '../../src/targets/open.ts';
import { failsWithoutFault } from '../without-fault.ts';
import type { Bug } from './bug.ts';
import { type Choice, openBuilt, withBug } from './build.ts';

/** Which run it is. */
export interface RunId extends Choice {
  readonly seed: number;
}

/** One bug on one seed. */
export interface Run extends RunId {
  readonly bug: string;
  /** By the clock, from the edit to a target that answers. */
  readonly buildSeconds: number;
  /** By the clock, until the violation was found and shrunk. */
  readonly seconds: number;
  readonly programs: number;
  /** The clause that the report quotes first; null if nothing was found. */
  readonly clause: string | null;
  /** Whether the report blames one of the calls whose code is wrong. */
  readonly named: boolean;
}

/** Where to put bugs, and for how long to look for them. */
export interface Setting {
  /** The sources, configured and built once if the way is `kernel`. */
  readonly folder: string;
  /** By the clock. */
  readonly seconds: number;
  /** Opens the target without a bug. */
  readonly stock: () => Promise<OpenTarget>;
}

const secondsSince = (start: number): number => (performance.now() - start) / 1000;

/** Runs the programs of a seed, and of the next ones, until one fails because of the bug or the time is up. */
export async function search(
  bug: Bug,
  target: OpenTarget,
  { seed, cpus }: RunId,
  { seconds, stock }: Setting,
): Promise<Pick<Run, 'seconds' | 'programs' | 'clause' | 'named'>> {
  const begin = performance.now();
  let programs = 0;
  for (let next = seed; secondsSince(begin) < seconds; next++) {
    const milliseconds = (seconds - secondsSince(begin)) * 1000;
    const planned = plan(target, { seed: next, cpus, budget: { milliseconds } });
    const result = await new Campaign({ ...planned, bail: true, ...(bug.race ? { parallel: 100 } : {}) }).run();
    const [finding] = result.findings;
    programs += finding?.afterPrograms ?? result.programs;
    if (finding === undefined) break;
    const { program } = finding.trace;
    if (await failsWithoutFault(program, await stock(), planned.agreement.terms)) continue;
    const culprit = finding.culprit ?? finding.violation;
    const blamed = program.steps[culprit.step].call.name;
    const named = bug.calls.some((call) => call === blamed);
    return { seconds: secondsSince(begin), programs, clause: culprit.clause.id, named };
  }
  return { seconds: secondsSince(begin), programs, clause: null, named: false };
}

/**
 * Puts a bug into the sources, builds them, and runs until it is found. A program that fails without the bug, too, does
 * not count. The sources are as before afterwards.
 */
export function hunt(bug: Bug, id: RunId, setting: Setting): Promise<Run> {
  const { folder } = setting;
  const start = performance.now();
  return withBug(bug, folder, async () => {
    const target = await openBuilt(id, folder);
    try {
      const buildSeconds = secondsSince(start);
      return { bug: bug.name, ...id, buildSeconds, ...(await search(bug, target, id, setting)) };
    } finally {
      await target.close();
    }
  });
}
