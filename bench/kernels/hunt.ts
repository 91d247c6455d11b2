import { failureOf } from '../../src/findings/execution.ts';
import { minimise } from '../../src/run/campaign/minimise.ts';
import { randomPrograms } from '../../src/run/campaign/source.ts';
import { plan } from '../../src/run/plan.ts';
import type { OpenTarget } from '../../src/targets/open.ts';
import { processorSecondsOfAll } from '../clock.ts';
import { firstFailure } from '../first-failure.ts';
import type { Bug } from './bug.ts';
import type { Builder, Choice } from './build.ts';

/** Which run it is. */
export interface RunId extends Choice {
  readonly seed: number;
}

/** One bug on one seed. All times are processor time of the kit, the target and the compilers together. */
export interface Run extends RunId {
  readonly bug: string;
  /** From the edit to a target that answers. Further seeds and numbers of CPUs boot the same kernel. */
  readonly buildSeconds: number;
  /** Until the first program failed. */
  readonly seconds: number;
  /** Until its failure was shrunk, too; null if nothing was found. */
  readonly reportSeconds: number | null;
  readonly programs: number;
  /** The clause that the report quotes first; null if nothing was found. */
  readonly clause: string | null;
  /** Whether the report blames one of the calls whose code is wrong. */
  readonly named: boolean;
}

/** Where to put bugs, and for how long to look for them. */
export interface Setting {
  readonly builder: Builder;
  /** Processor time for each run. */
  readonly seconds: number;
  /** Opens the target without a bug. */
  readonly stock: () => Promise<OpenTarget>;
}

/** Time for shrinking, at most, by the clock. */
const SHRINK_MS = 60_000;

const clock = processorSecondsOfAll;

type Result = Pick<Run, 'seconds' | 'reportSeconds' | 'programs' | 'clause' | 'named'>;

/** Runs the programs of a seed until one fails because of the bug or the time is up, and shrinks it. */
export async function search(
  bug: Bug,
  target: OpenTarget,
  { seed, cpus }: RunId,
  { seconds, stock }: Omit<Setting, 'builder'>,
): Promise<Result> {
  const planned = plan(target, { seed, cpus });
  const { agreement } = planned;
  const draw = randomPrograms({ ...planned, ...(bug.race ? { parallel: 100 } : {}) });
  const begin = clock();
  const { terms } = agreement;
  const first = await firstFailure({ target, stock, terms, seconds, clock, draw: (number) => draw(seed, number) });
  const { judged, programs, steps } = first;
  if (!judged) return { seconds: first.seconds, reportSeconds: null, programs, clause: null, named: false };
  const finding = await minimise(judged, {
    ...{ target, agreement, key: failureOf(judged)!, after: { programs, steps }, milliseconds: SHRINK_MS },
  });
  const { step, clause } = finding.culprit ?? finding.violation;
  const blamed = finding.trace.program.steps[step].call.name;
  const named = bug.calls.some((call) => call === blamed);
  return { seconds: first.seconds, reportSeconds: clock() - begin, programs, clause: clause.id, named };
}

/** Builds sources with a bug, and runs until it is found. A program that fails without the bug, too, does not count. */
export async function hunt(bug: Bug, id: RunId, setting: Setting): Promise<Run> {
  const { target, seconds: buildSeconds } = await setting.builder.open(bug, id);
  try {
    return { bug: bug.name, ...id, buildSeconds, ...(await search(bug, target, id, setting)) };
  } finally {
    await target.close();
  }
}
