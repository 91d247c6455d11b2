import type { Program } from '../../../reference/calls/valid.ts';
import { Tally } from '../../../reference/clauses/tally.ts';
import { Stopped } from '../../common/stopped.ts';
import { execute, executeDirect, failureOf, type Judged, sample, triesOf } from '../../findings/execution.ts';
import type { Finding } from '../../findings/finding.ts';
import { certifyBatched, minimum } from '../../programs/certify/index.ts';
import { shrink, UNDECIDED } from '../../programs/shrink/index.ts';
import type { Agreement } from '../../targets/agreement.ts';
import { findingWithHistory } from './history.ts';
import { type Origin, shrunkFinding, unshrunk } from './new-finding.ts';
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
  const failsNow = (program: Program) => failureOf(executeDirect(target, program, agreement.terms, uncounted));
  const result = await minimum(judged.trace.program, {
    ...shrinkSettings(options),
    step: judged.violation!.step,
    call: callOf(judged),
    run: { failsNow, ...(target.direct!.schedulable ? { schedules: scheduled(target, agreement) } : {}) },
    certificate: certificateLimits('direct', options),
  });
  const { failed, of } = await rerun(result.program, 1, options);
  return shrunkFinding(judged, failed[0] ?? judged, result, { failed: failed.length, of }, options);
}

/**
 * Outside this process a failure may be unstable, or depend on what ran before. So the program must first fail again;
 * then it is shrunk; and it is confirmed only when the shrunk program fails on a freshly started target.
 */
async function minimiseRemote(judged: Judged, options: Timed): Promise<Finding> {
  const { target } = options;
  const { program } = judged.trace;
  const last = judged.trace.outcomes.at(-1)?.kind;
  const crashes = last === 'crash' || last === 'timeout';
  const reruns = crashes ? RERUNS_OF_CRASH : triesOf(program);
  let first = await rerun(program, reruns, options);
  let executions = first.of;
  if (first.failed.length === 0 && target.fresh) {
    await target.fresh();
    first = await rerun(program, reruns, options);
    executions += first.of;
  }
  if (first.failed.length === 0) return findingWithHistory(judged, { program, executions }, options);
  options.seenAgain.push(first.failed[0]);
  // Where a failure is unstable, one run that holds proves nothing.
  const stable = first.failed.length === first.of;
  const repeats = Math.min(MAX_REPEATS, Math.ceil((3 * first.of) / first.failed.length));
  const failing = new WeakMap<Program, Judged>();
  const fails = (crashes ? oneByOne : allAtOnce)(options, failing);
  const smaller: Program[] = [];
  const shrunk = await shrink(program, {
    ...shrinkSettings(options),
    ...(stable ? {} : { repeat: { needed: 1, of: repeats } }),
    fails,
    onShrink: (one) => {
      smaller.push(one);
      const run = failing.get(one);
      if (run) options.seenAgain.push(run);
    },
  });
  const limits = { ...shrinkSettings(options), call: callOf(judged), ...certificateLimits('remote', options) };
  const result = stable ? { ...shrunk, ...(await certifyBatched(shrunk.program, fails, limits)) } : shrunk;
  await target.fresh?.();
  let again = await rerun(result.program, reruns, options);
  // An unstable failure of the smallest program may have been luck: go back to larger ones that failed.
  for (let back = 1; again.failed.length === 0 && !stable && back < smaller.length; back *= 2)
    again = await rerun(smaller[smaller.length - 1 - back], reruns, options);
  if (again.failed.length === 0) return findingWithHistory(first.failed[0], result, options);
  return shrunkFinding(judged, again.failed[0], result, { failed: again.failed.length, of: again.of }, options);
}

/** Runs a program up to `most` times; returns the runs that failed with the same key, and the number of runs. */
function rerun(program: Program, most: number, { target, agreement, key, until }: Timed) {
  const failing = (one: Judged): boolean => failureOf(one) === key;
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

/** Runs candidates up to the first that fails: those after it are not worth another crash or another timeout. */
const oneByOne = (options: Timed, failing: WeakMap<Program, Judged>) => async (programs: readonly Program[]) => {
  const run = allAtOnce(options, failing);
  const verdicts = new Array<string | undefined | typeof UNDECIDED>(programs.length).fill(UNDECIDED);
  for (let i = 0; i < programs.length && verdicts[i - 1] !== options.key; i++) [verdicts[i]] = await run([programs[i]]);
  return verdicts;
};

const callOf = ({ trace, violation }: Judged): string => trace.program.steps[violation!.step].call.name;

/** Limits of the certificate: the remaining time, or no clock at all when a number of programs was asked for. */
function certificateLimits(where: keyof typeof CERTIFICATE_LIMITS, { milliseconds, certify }: MinimiseOptions) {
  if (certify !== undefined) return { programs: certify, milliseconds };
  const limits = CERTIFICATE_LIMITS[where];
  return { ...limits, milliseconds: Math.min(limits.milliseconds, milliseconds) };
}

const shrinkSettings = ({ agreement, key, milliseconds, signal }: MinimiseOptions) => ({
  traits: agreement.traits,
  page: agreement.terms.page,
  key,
  milliseconds,
  ...(signal ? { signal } : {}),
});
