import type { Step } from '../../../reference/calls/call.ts';
import { bindsName } from '../../../reference/calls/spaces.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import { mapArguments, usedNames } from '../../programs/arguments.ts';
import { START, withoutSteps } from '../../programs/shrink/pass.ts';
import { repair } from '../../programs/shrink/repair.ts';
import { failureOf, type Judged } from '../execution.ts';
import { culpritOfSteps, onlyLooks } from './culprit.ts';
import {
  cutsOf,
  firstSteps,
  firstWrong,
  knownAfter,
  type LocaliseOptions,
  lastSteps,
  withSteps,
} from './first-wrong.ts';
import { localiseWithOwnFrames } from './own-frames.ts';
import { localiseInPool } from './pool-pages.ts';
import { probes } from './probes.ts';
import { flushingStep, undoingSteps } from './undo.ts';

export type { LocaliseOptions } from './first-wrong.ts';

/** Where one or two more areas show that the state is wrong, after the beginnings with `from` to `end` steps. */
const firstWrongWithProbe = (program: Program, from: number, end: number, options: LocaliseOptions) =>
  firstWrong({ program, from, end, probe: (one) => probes(one, options.manifest, options.page) }, options);

/** A beginning after which one more area shows that the state is wrong before the step that is to blame. */
function beforeCulprit({ trace, violation }: Judged, options: LocaliseOptions): Promise<Judged | undefined> {
  const end = violation!.left ? trace.program.steps.length : culpritOfSteps(trace, violation!).step;
  return firstWrongWithProbe(trace.program, 0, end, options);
}

/** Whether the same call returns the same errno in both runs, although it must not in either. */
const sameRefusal = ({ trace, violation: before }: Judged, { trace: shorter, violation: after }: Judged): boolean =>
  before!.seen.kind === 'errno' &&
  after?.seen.kind === 'errno' &&
  before!.seen.text === after.seen.text &&
  trace.program.steps[before!.step].call === shorter.program.steps[after.step].call;

/**
 * The program without one of its steps, if what then fails shows that the step is not to blame:
 * - the same answer breaks a clause that it also broke before: the step made a promise, and another step broke it;
 * - the same call still refuses in the same way: the step was not the reason for it.
 */
async function withoutInnocentStep(failed: Judged, options: LocaliseOptions): Promise<Judged | undefined> {
  const { trace, violation } = failed;
  const { program } = trace;
  const mayShow = violation!.also.length > 0 || violation!.seen.kind === 'errno';
  if (!mayShow || program.blocks.length > 0) return undefined;
  const shorter = program.steps
    .slice(0, violation!.step)
    .flatMap(({ binds }, at) => (binds < 0 ? [{ ...program, steps: program.steps.toSpliced(at, 1) }] : []))
    .filter((one) => knownAfter(one, options) !== undefined);
  const runs = await options.run(shorter);
  return runs.find(
    (run) =>
      run.violation !== undefined && (violation!.also.includes(run.violation.clause) || sameRefusal(failed, run)),
  );
}

/** A step whose sizes and offsets are rounded to whole pages. */
const inWholePages = (step: Step, page: number): Step =>
  mapArguments(step, ({ type, value }) => {
    if (type === 'bytes') return Math.ceil(value / page) * page;
    if (type === 'object' || type === 'address') return { ...value, offset: Math.floor(value.offset / page) * page };
    return value;
  });

/**
 * The program with whole pages only, if it fails then, too: it was not the rounding of a part of a page that went
 * wrong. Shrinking keeps the clause, so that it does not find this by itself.
 */
async function withWholePages({ trace }: Judged, options: LocaliseOptions): Promise<Judged | undefined> {
  const { program } = trace;
  const whole = { ...program, steps: program.steps.map((step) => inWholePages(step, options.page)) };
  if (printSteps(whole) === printSteps(program) || knownAfter(whole, options) === undefined) return undefined;
  const [run] = await options.run([whole]);
  return run.violation && run;
}

/** The program without a call of a block that merely noticed what is wrong, and observations after the block instead. */
async function withoutNotice({ trace, violation }: Judged, options: LocaliseOptions): Promise<Judged | undefined> {
  const { program } = trace;
  const { step } = violation!;
  if (!program.blocks.some(({ start, end }) => step >= start && step < end)) return undefined;
  const edit = { steps: withoutSteps(program.steps, step), next: START, whole: true };
  const rest = repair(program, edit, { ...options, calls: [] });
  return rest && firstWrong({ program: rest }, options);
}

/** The names that the mapping calls of a program bound. */
const namesBound = ({ steps }: Program, outcomes: readonly Outcome[]): ReadonlySet<string> =>
  new Set(steps.flatMap(({ call, binds }, at) => (bindsName(call, outcomes[at]) ? [`${call.binds}${binds}`] : [])));

/** The names that the last step of a program binds or uses, or all steps of a block at its end. */
function namesUsedLast(program: Program): ReadonlySet<string> {
  const last = lastSteps(program);
  const unmapsObject = last.some(
    ({ call }) => call.parameters.some(({ type }) => type === 'object') && call.binds !== 'v',
  );
  return new Set(
    (unmapsObject ? program.steps : last).flatMap((step) => [
      ...(step.binds >= 0 ? [`${step.call.binds}${step.binds}`] : []),
      ...usedNames(step),
    ]),
  );
}

/** The shortest beginning of a program after which the clean-up already finds what it should not. */
async function firstLeaving(program: Program, { run }: LocaliseOptions): Promise<Judged | undefined> {
  const runs = await run(cutsOf(program).map((cut) => firstSteps(program, cut)));
  return runs.find(({ violation }) => violation?.left !== undefined);
}

/**
 * Finds the culprit of what is left over after the clean-up: undoes by steps what the clean-up undoes, so that
 * observations can be made in between.
 */
async function localiseLeftover({ trace }: Judged, options: LocaliseOptions): Promise<Judged | undefined> {
  const first = await firstLeaving(trace.program, options);
  if (!first) return undefined;
  const { program, outcomes } = first.trace;
  const known = knownAfter(program, options);
  if (!known) return undefined;
  const named = namesBound(program, outcomes);
  const undoing = undoingSteps(known, options.manifest).filter((step) =>
    usedNames(step).every((name) => named.has(name)),
  );
  const flush = flushingStep(options.manifest);
  const undone = withSteps(program, [...undoing, ...(flush ? [flush] : [])]);
  const { length } = undone.steps;
  const seen =
    (await firstWrong({ program: undone }, options)) ?? (await firstWrongWithProbe(undone, length, length, options));
  if (seen) return seen;
  // Before its last step, nothing was left over: so it is what this step did that cannot be undone.
  const last = namesUsedLast(program);
  const concerned = undoing.filter((step) => usedNames(step).some((name) => last.has(name)));
  const runs = await options.run(concerned.toReversed().map((step) => withSteps(program, [step])));
  return runs.find((run) => run.violation !== undefined) ?? first;
}

/**
 * Like `localise`, for a step that ends the target: only the steps before it run again.
 */
export const localiseBefore = ({ trace, violation }: Judged, options: LocaliseOptions): Promise<Judged | undefined> =>
  firstWrong({ program: trace.program, end: violation!.step }, options);

/**
 * Finds the first step of a failing program after which the state is already wrong.
 * @returns the beginning of the program up to that step and the observation that fails after it, as they ran; undefined
 * if nothing shows before the step that fails.
 */
export async function localise(failed: Judged, options: LocaliseOptions): Promise<Judged | undefined> {
  const { trace, violation } = failed;
  const { program } = trace;
  const { step, left } = violation!;
  const whole = await withWholePages(failed, options);
  if (whole && failureOf(whole) !== failureOf(failed)) return whole;
  const clearer = (await localiseInPool(failed, options)) ?? (await localiseWithOwnFrames(failed, options));
  if (clearer) return clearer;
  const { call } = program.steps[step];
  const looks = call.side === 'observe' || onlyLooks(call);
  const end = left ? program.steps.length : step;
  const seen = await firstWrong({ program, end, own: looks ? program.steps[step] : undefined }, options);
  if (seen && failureOf(seen) !== failureOf(failed)) return seen;
  return (
    (looks || left ? undefined : await withoutNotice(failed, options)) ??
    (await beforeCulprit(failed, options)) ??
    (left ? await localiseLeftover(failed, options) : await withoutInnocentStep(failed, options)) ??
    seen
  );
}
