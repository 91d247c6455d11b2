import type { Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import { Tally } from '../../../reference/clauses/tally.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import { execute, executeDirect, failureOf, type Judged, sample, triesOf } from '../../findings/execution.ts';
import type { Finding } from '../../findings/finding.ts';
import { type Certificate, certifyBatched, minimum } from '../../programs/certify/index.ts';
import { type Shrunk, shrink, UNDECIDED } from '../../programs/shrink/index.ts';
import type { Agreement } from '../../targets/agreement.ts';
import type { OpenTarget } from '../../targets/open.ts';
import { scheduled } from './scheduled.ts';

export interface MinimiseOptions {
  readonly target: OpenTarget;
  readonly agreement: Agreement;
  /** The failure that must stay the same. */
  readonly key: string;
  readonly after: { readonly programs: number; readonly steps: number };
  /** Programs that ran on the target before this one, the latest last. */
  readonly history?: readonly Program[];
  /** Time to shrink in. */
  readonly milliseconds: number;
  /** Programs that a certificate may take, instead of a time: so that a run is the same run again. */
  readonly certify?: number;
  readonly signal?: AbortSignal;
}

/** Where each time costs a start of the target, a failing program is run again so often. */
const TRIES_OF_CRASH = 3;
/** A failing program has been run often enough when it has failed so often. */
const ENOUGH = 10;
/** The most repetitions of one candidate while an unstable failure is shrunk. */
const MOST_REPEATS = 60;

/** What may be spent on trying every shorter program: in this process, and elsewhere. */
const CERTIFICATE_HERE = { programs: 50_000, milliseconds: 2000 };
const CERTIFICATE_ELSEWHERE = { programs: 5000, milliseconds: 10_000 };

const scratch = new Tally();

/** Runs a program several times; tells the runs that failed in the same way, and how many there were. */
function failures(program: Program, most: number, { target, agreement, key, until }: Timed) {
  const failing = (one: Judged): boolean => failureOf(one) === key;
  const over = (): boolean => performance.now() > until;
  return sample(program, { target, terms: agreement.terms, most, enough: ENOUGH, over, failing });
}

interface Timed extends MinimiseOptions {
  /** When time is up. */
  readonly until: number;
}

/** Shrinks a failing program, tells how often it fails, and what kind of wrong translation it shows. */
export async function minimise(judged: Judged, options: MinimiseOptions): Promise<Finding> {
  const timed = { ...options, until: performance.now() + options.milliseconds };
  return options.target.direct ? minimiseHere(judged, timed) : minimiseElsewhere(judged, timed);
}

/** What was seen, as it was seen: nothing further could be found out. */
export const unshrunk = (judged: Judged, { key, after }: MinimiseOptions): Finding => ({
  key,
  violation: judged.violation!,
  trace: judged.trace,
  originalSteps: judged.trace.program.steps.length,
  afterPrograms: after.programs,
  afterSteps: after.steps,
  executions: 0,
  rate: { failed: 0, of: 0 },
  again: 0,
});

/** In this process the same text is the same run, every time. */
async function minimiseHere(judged: Judged, options: Timed): Promise<Finding> {
  const { target, agreement } = options;
  const failsNow = (program: Program) => failureOf(executeDirect(target, program, agreement.terms, scratch));
  const result = await minimum(judged.trace.program, {
    ...settings(options),
    step: judged.violation!.step,
    call: callOf(judged),
    run: { failsNow, ...(target.direct!.schedulable ? { schedules: scheduled(target, agreement) } : {}) },
    certificate: certificateLimits(CERTIFICATE_HERE, options),
  });
  const { failed, of } = await failures(result.program, 1, options);
  return finding(judged, failed[0] ?? judged, result, { failed: failed.length, of }, options);
}

/**
 * Elsewhere a failure may be unstable, or owe something to what ran before: it is first seen again, then shrunk, and
 * counts as confirmed only where the shrunk program fails on a target that was started afresh.
 */
async function minimiseElsewhere(judged: Judged, options: Timed): Promise<Finding> {
  const { target, agreement, key } = options;
  const { program } = judged.trace;
  const last = judged.trace.outcomes.at(-1)?.kind;
  const crashes = last === 'crash' || last === 'timeout';
  const tries = crashes ? TRIES_OF_CRASH : triesOf(program);
  let first = await failures(program, tries, options);
  let executions = first.of;
  if (first.failed.length === 0 && target.fresh) {
    await target.fresh();
    first = await failures(program, tries, options);
    executions += first.of;
  }
  if (first.failed.length === 0) return withHistory(judged, { program, executions }, options);
  // What comes and goes proves nothing by holding once.
  const stable = first.failed.length === first.of;
  const of = Math.min(MOST_REPEATS, Math.ceil((3 * first.of) / first.failed.length));
  const inOneGo = async (programs: readonly Program[]) =>
    (await execute(target, programs, agreement.terms)).map(failureOf);
  /** Only the first failure counts: what comes after it is not worth another crash, or another wait for a hang. */
  const upToFirst = async (programs: readonly Program[]) => {
    const verdicts = new Array<string | undefined | typeof UNDECIDED>(programs.length).fill(UNDECIDED);
    for (let i = 0; i < programs.length && verdicts[i - 1] !== key; i++) [verdicts[i]] = await inOneGo([programs[i]]);
    return verdicts;
  };
  const fails = crashes ? upToFirst : inOneGo;
  const smaller: Program[] = [];
  const shrunk = await shrink(program, {
    ...settings(options),
    ...(stable ? {} : { repeat: { needed: 1, of } }),
    fails,
    onShrink: (one) => smaller.push(one),
  });
  const limits = { ...settings(options), call: callOf(judged), ...certificateLimits(CERTIFICATE_ELSEWHERE, options) };
  const result = stable ? { ...shrunk, ...(await certifyBatched(shrunk.program, fails, limits)) } : shrunk;
  await target.fresh?.();
  let again = await failures(result.program, tries, options);
  // What fails now and then may have failed once by luck: a larger one that does so more often is worth more.
  for (let back = 1; again.failed.length === 0 && !stable && back < smaller.length; back *= 2)
    again = await failures(smaller[smaller.length - 1 - back], tries, options);
  if (again.failed.length === 0) return withHistory(first.failed[0], result, options);
  return finding(judged, again.failed[0], result, { failed: again.failed.length, of: again.of }, options);
}

/** The program alone does not fail on a fresh target: looks for the fewest programs before it with which it does. */
async function withHistory(
  judged: Judged,
  shrunk: Pick<Shrunk, 'program' | 'executions'>,
  options: MinimiseOptions,
): Promise<Finding> {
  const { target, agreement, history = [] } = options;
  const { program } = judged.trace;
  const failsAfter = async (before: readonly Program[]): Promise<Judged | undefined> => {
    await target.fresh?.();
    const runs = await execute(target, [...before, program], agreement.terms);
    const last = runs[runs.length - 1];
    return failureOf(last) === options.key ? last : undefined;
  };
  let before = history;
  let shown = history.length > 0 ? await failsAfter(before) : undefined;
  if (!shown) return finding(judged, judged, shrunk, { failed: 0, of: triesOf(program) }, options);
  for (let keep = Math.floor(before.length / 2); keep >= 0; keep = keep > 0 ? Math.floor(keep / 2) : -1) {
    const less = keep === 0 ? [] : before.slice(-keep);
    const failed = await failsAfter(less);
    if (!failed) break;
    before = less;
    shown = failed;
  }
  return { ...(await finding(judged, shown, shrunk, { failed: 1, of: 1 }, options)), before };
}

const callOf = ({ trace, violation }: Judged): string => trace.program.steps[violation!.step].call.name;

/** What a certificate may cost: no more than the time that is left, and no clock at all where a number was asked for. */
const certificateLimits = (limits: typeof CERTIFICATE_HERE, { milliseconds, certify }: MinimiseOptions) =>
  certify === undefined
    ? { ...limits, milliseconds: Math.min(limits.milliseconds, milliseconds) }
    : { programs: certify, milliseconds };

const settings = ({ agreement, key, milliseconds, signal }: MinimiseOptions) => ({
  traits: agreement.traits,
  page: agreement.terms.page,
  key,
  milliseconds,
  ...(signal ? { signal } : {}),
});

async function finding(
  original: Judged,
  shown: Judged,
  shrunk: Pick<Shrunk, 'executions'> & { readonly certificate?: Certificate },
  rate: Finding['rate'],
  options: MinimiseOptions,
): Promise<Finding> {
  const diagnosis = rate.failed > 0 ? await diagnose(shown, options) : undefined;
  return {
    ...unshrunk(original, options),
    violation: shown.violation!,
    trace: shown.trace,
    executions: shrunk.executions,
    rate,
    ...(diagnosis ? { diagnosis } : {}),
    ...(shrunk.certificate ? { certificate: shrunk.certificate } : {}),
  };
}

/** After an offending read: flush that one address on that one CPU, and read again. */
async function diagnose(judged: Judged, { target }: MinimiseOptions): Promise<Finding['diagnosis']> {
  const { violation, trace } = judged;
  const step = trace.program.steps[violation!.step];
  if (step.call.name !== 'read' || violation!.seen.kind !== 'frame') return undefined;
  if (!target.manifest.can.has('reread') || trace.program.blocks.length > 0) return undefined;
  const reread: Step = { ...step, call: VOCABULARY.get('reread')! };
  const steps = [...trace.program.steps.slice(0, violation!.step + 1), reread];
  const [{ outcomes }] = await target.run([{ ...trace.program, steps }]);
  const before = outcomes[steps.length - 2];
  const after = outcomes[steps.length - 1];
  // A stale translation may have vanished by itself this time.
  const seen = (outcome: typeof after): boolean => outcome?.kind === 'frame' && outcome.value === violation!.seen.value;
  if (!after || after.kind === 'unsupported' || !seen(before)) return undefined;
  return seen(after) ? 'mapped' : 'stale';
}
