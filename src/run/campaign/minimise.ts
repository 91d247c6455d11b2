import type { Program } from '../../../reference/calls/valid.ts';
import { Tally } from '../../../reference/clauses/tally.ts';
import { Stopped } from '../../common/stopped.ts';
import {
  endsTarget,
  execute,
  executeDirect,
  failureOf,
  type Judged,
  sample,
  triesOf,
} from '../../findings/execution.ts';
import { confirmed, type Finding } from '../../findings/finding.ts';
import { withoutOverlap } from '../../findings/localise/overlap.ts';
import { canSweep } from '../../findings/schedules.ts';
import { certifyBatched, settled } from '../../programs/certify/index.ts';
import { type Shrunk, shrink, UNDECIDED } from '../../programs/shrink/index.ts';
import type { Agreement } from '../../targets/agreement.ts';
import { blame, localiseOptions, symptomsOf } from './blame.ts';
import { withMoreDelays } from './delays.ts';
import { findingWithHistory } from './history.ts';
import { minimiseScheduled } from './minimise-scheduled.ts';
import { type Origin, shrunkFinding, unshrunk } from './new-finding.ts';
import type { CampaignOptions } from './options.ts';
import { scheduled } from './scheduled.ts';

/** How to shrink a failing program. The failure keeps its `key`. */
interface MinimiseOptions extends Origin {
  readonly agreement: Agreement;
  /** Programs that ran on the target before this one, the latest last. */
  readonly history?: readonly Program[];
  /** Time for shrinking, in milliseconds. */
  readonly milliseconds: number;
  /** Programs to try for the certificate, instead of a time limit, so that a run can be repeated exactly. */
  readonly certify?: number;
  readonly signal?: AbortSignal;
  readonly known?: CampaignOptions['known'];
  /** Called with each smaller program that fails. */
  readonly onSmaller?: (program: Program) => void;
}

interface Timed extends MinimiseOptions {
  /** When the time is up, on the clock of `performance.now()`. */
  readonly until: number;
  /** Runs in which the failure was seen again, each with a smaller program than the one before. */
  readonly seenAgain: Judged[];
}

/** How often to rerun a program that crashes the target: each run costs a restart. */
const RERUNS_OF_CRASH = 3;
/** Stop rerunning a program once it has failed this often. */
const ENOUGH_FAILURES = 10;
/** How often one candidate may run while an unstable failure is shrunk. */
const MAX_REPEATS = 60;

/** Limits of the search for a shorter program, in this process and outside it. */
const CERTIFICATE_LIMITS = {
  direct: { programs: 50_000, milliseconds: 2000 },
  remote: { programs: 5000, milliseconds: 10_000 },
};

/** Shrinks a failing program, measures how often it fails, and diagnoses a wrong translation. */
export async function minimise(judged: Judged, options: MinimiseOptions): Promise<Finding> {
  const timed = { ...options, until: performance.now() + options.milliseconds, seenAgain: [] };
  return options.target.direct ? minimiseDirect(judged, timed) : minimiseRemoteUntilStopped(judged, timed);
}

/** Like `minimiseRemote`; when it is stopped, the finding is what is known then. */
async function minimiseRemoteUntilStopped(judged: Judged, options: Timed): Promise<Finding> {
  try {
    return await minimiseRemote(judged, options);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    const last = options.seenAgain.at(-1);
    if (!last) return unshrunk(judged, options);
    // It was seen twice, so it counts.
    return { ...unshrunk(judged, options), violation: last.violation!, trace: last.trace, rate: { failed: 1, of: 1 } };
  }
}

/** In this process the same text always gives the same run. */
async function minimiseDirect(judged: Judged, options: Timed): Promise<Finding> {
  const { target, agreement } = options;
  const uncounted = new Tally();
  const runNow = (program: Program): Judged => executeDirect(target, program, agreement.terms, uncounted);
  const run = {
    failsNow: (program: Program) => failureOf(runNow(program)),
    ...(target.direct!.schedulable ? { schedules: scheduled(target, agreement) } : {}),
  };
  const shrinkAgain = async (failed: Judged): Promise<Shrunk> => {
    const settings = { ...shrinkSettings(remaining(options)), key: failureOf(failed)!, step: failed.violation!.step };
    return shrink(failed.trace.program, { ...settings, ...run });
  };
  let shrunk = await shrinkAgain(judged);
  let executions = shrunk.executions;
  const met = runNow(shrunk.program);
  const failed = await blame(met, options, async (found) => {
    shrunk = await shrinkAgain(found);
    executions += shrunk.executions;
    return runNow(shrunk.program);
  });
  const key = failureOf(failed) ?? options.key;
  const result = await settled(
    { program: failed.trace.program, executions },
    {
      ...shrinkSettings(remaining(options)),
      key,
      call: callOf(failed.violation ? failed : judged),
      run,
      certificate: certificateLimits('direct', options),
    },
  );
  const again = await rerun(result.program, 1, { ...options, key });
  const rate = { failed: again.failed.length, of: again.of };
  const shown = again.failed[0] ?? (failed.violation ? failed : judged);
  return shrunkFinding(judged, shown, result, rate, { ...options, key }, symptomsOf(met, key));
}

/**
 * Outside this process a failure may be unstable, or depend on what ran before. So the program must first fail again;
 * then it is shrunk; and it is confirmed only when the shrunk program fails on a freshly started target.
 */
async function minimiseRemote(judged: Judged, options: Timed): Promise<Finding> {
  const { target } = options;
  let { program } = judged.trace;
  const crashes = endsTarget(judged);
  const reruns = crashes ? RERUNS_OF_CRASH : triesOf(program);
  let first = await rerun(program, reruns, options);
  let executions = first.of;
  if (first.failed.length === 0 && target.fresh) {
    await target.fresh();
    first = await rerun(program, reruns, options);
    executions += first.of;
  }
  const spread = withMoreDelays(program);
  if (first.failed.length === 0 && spread !== program) {
    first = await rerun(spread, reruns, options);
    executions += first.of;
    program = first.failed[0]?.trace.program ?? program;
  }
  if (first.failed.length === 0) return findingWithHistory(judged, { program, executions }, options);
  options.seenAgain.push(first.failed[0]);
  if (program.blocks.length > 0 && !crashes && canSweep(target)) {
    const found = await minimiseScheduled(first.failed[0], {
      ...options,
      settings: shrinkSettings(options),
      certificate: certificateLimits('remote', options),
      rerun: (one, same) => rerun(one, reruns, options, same),
      onSeen: (run) => void options.seenAgain.push(run),
    });
    if (found) return { ...found, originalSteps: program.steps.length };
  }
  // Where a failure is unstable, one run that holds proves nothing.
  const stable = first.failed.length === first.of;
  const repeats = Math.min(MAX_REPEATS, Math.ceil((3 * first.of) / first.failed.length));
  const failing = new WeakMap<Program, Judged>();
  const fails = (crashes ? oneByOne : allAtOnce)(options, failing);
  const smaller: Program[] = [];
  const shrunk = await shrink(spread, {
    ...shrinkSettings(options),
    ...(stable ? {} : { repeat: { needed: 1, of: repeats } }),
    fails,
    onShrink: (one) => {
      options.onSmaller?.(one);
      smaller.push(one);
      const run = failing.get(one);
      if (run) options.seenAgain.push(run);
    },
  });
  if (performance.now() < options.until && (stable || !crashes)) {
    const blamed = await (stable ? blameRemote(judged, shrunk, reruns, options) : blameApart(judged, options));
    if (blamed) return blamed;
  }
  const limits = { ...shrinkSettings(options), call: callOf(judged), ...certificateLimits('remote', options) };
  const result = stable ? { ...shrunk, ...(await certifyBatched(shrunk.program, fails, limits)) } : shrunk;
  const asItFailed = (one: Program): Program => failing.get(one)?.trace.program ?? one;
  await target.fresh?.();
  let again = await rerun(asItFailed(result.program), reruns, options);
  // An unstable failure of the smallest program may have been luck: go back to larger ones that failed.
  for (let back = 1; again.failed.length === 0 && !stable && back < smaller.length; back *= 2)
    again = await rerun(asItFailed(smaller[smaller.length - 1 - back]), reruns, options);
  if (again.failed.length === 0) return findingWithHistory(first.failed[0], result, options);
  return shrunkFinding(judged, again.failed[0], result, { failed: again.failed.length, of: again.of }, options);
}

/**
 * Looks for a program that shows the culprit of a stable failure outside this process.
 * @returns the finding, confirmed on a freshly started target; undefined if nothing shows before the failure itself.
 */
async function blameRemote(
  judged: Judged,
  shrunk: Shrunk,
  reruns: number,
  options: Timed,
): Promise<Finding | undefined> {
  const { target, agreement } = options;
  const fails = allAtOnce(options, new WeakMap());
  const [met] = await execute(target, [shrunk.program], agreement.terms);
  if (failureOf(met) !== options.key) return undefined;
  let { executions } = shrunk;
  const failed = await blame(met, options, async (found) => {
    const settings = { ...shrinkSettings(remaining(options)), key: failureOf(found)!, step: found.violation!.step };
    const smaller = await shrink(found.trace.program, { ...settings, fails });
    executions += smaller.executions;
    return (await execute(target, [smaller.program], agreement.terms))[0];
  });
  const key = failureOf(failed);
  if (key === undefined || key === options.key) return undefined;
  const now = { ...options, key };
  const limits = {
    ...shrinkSettings(remaining(now)),
    call: callOf(failed),
    ...certificateLimits('remote', remaining(now)),
  };
  const certified = await certifyBatched(failed.trace.program, fails, limits);
  await target.fresh?.();
  const again = await rerun(certified.program, reruns, now);
  if (again.failed.length === 0) return undefined;
  const rate = { failed: again.failed.length, of: again.of };
  return shrunkFinding(judged, again.failed[0], { ...certified, executions }, rate, now, symptomsOf(met, key));
}

/** How often a program without overlap must fail in a row. */
const RERUNS_APART = 5;

/**
 * For a failure of overlapping calls that comes and goes, so that observations in between say nothing: looks for a stable
 * failure of the same calls without overlap.
 */
async function blameApart(judged: Judged, options: Timed): Promise<Finding | undefined> {
  const { target, agreement, seenAgain } = options;
  const met = seenAgain.at(-1) ?? judged;
  if (met.trace.program.blocks.length === 0) return undefined;
  const found = await withoutOverlap(met, localiseOptions(target, agreement));
  const key = found && failureOf(found);
  if (!key) return undefined;
  const now = { ...remaining(options), key, seenAgain: [] };
  const again = await rerun(found.trace.program, RERUNS_APART, now);
  if (again.failed.length < again.of) return undefined;
  const finding = await minimiseRemote(found, now);
  if (!confirmed(finding)) return undefined;
  const symptoms = [...symptomsOf(met, finding.key), ...(finding.symptoms ?? [])];
  return { ...finding, ...(symptoms.length > 0 ? { symptoms } : {}) };
}

/** Runs a program up to `most` times; returns the runs that failed with the same key, and the number of runs. */
function rerun(
  program: Program,
  most: number,
  { target, agreement, key, until }: Timed,
  failing = (one: Judged): boolean => failureOf(one) === key,
) {
  const over = (): boolean => performance.now() > until;
  return sample(program, { target, terms: agreement.terms, most, enough: ENOUGH_FAILURES, over, failing });
}

/** Runs all candidates in one batch. Notes the runs of those that fail. */
const allAtOnce =
  ({ target, agreement }: Timed, failing: WeakMap<Program, Judged>) =>
  async (programs: readonly Program[]) => {
    const runs = await execute(target, programs, agreement.terms);
    for (const [i, run] of runs.entries()) if (run.violation) failing.set(programs[i], run);
    return runs.map(failureOf);
  };

/** Runs candidates up to the first that fails, or until the time is up: those after it are not worth another crash or another timeout. */
const oneByOne = (options: Timed, failing: WeakMap<Program, Judged>) => async (programs: readonly Program[]) => {
  const run = allAtOnce(options, failing);
  const verdicts = new Array<string | undefined | typeof UNDECIDED>(programs.length).fill(UNDECIDED);
  const over = (): boolean => performance.now() > options.until;
  for (let i = 0; i < programs.length && verdicts[i - 1] !== options.key && !over(); i++)
    [verdicts[i]] = await run([programs[i]]);
  return verdicts;
};

/** The options with the time that is left. */
const remaining = (options: Timed): Timed => ({
  ...options,
  milliseconds: Math.max(0, options.until - performance.now()),
});

const callOf = ({ trace, violation }: Judged): string => trace.program.steps[violation!.step].call.name;

/** Limits of the certificate: the remaining time, or no clock at all when a number of programs was asked for. */
function certificateLimits(where: keyof typeof CERTIFICATE_LIMITS, { milliseconds, certify }: MinimiseOptions) {
  if (certify !== undefined) return { programs: certify, milliseconds };
  const limits = CERTIFICATE_LIMITS[where];
  return { ...limits, milliseconds: Math.min(limits.milliseconds, milliseconds) };
}

const shrinkSettings = ({ agreement, key, milliseconds, signal, onSmaller }: MinimiseOptions) => ({
  traits: agreement.traits,
  page: agreement.terms.page,
  key,
  milliseconds,
  ...(signal ? { signal } : {}),
  ...(onSmaller ? { onShrink: onSmaller } : {}),
});
