import type { Sees, Step } from '../../../reference/calls/call.ts';
import { findInvalid, type Program } from '../../../reference/calls/valid.ts';
import { LEAKS } from '../../../reference/clauses/common.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import type { Trace } from '../../../reference/judge/judge.ts';
import { Known } from '../../../reference/model/known.ts';
import { lanesOf, NO_BLOCKS } from '../../../reference/notation/program.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';
import type { Manifest } from '../../targets/target.ts';
import type { Judged } from '../execution.ts';
import { onlyLooks, owns } from './culprit.ts';
import { observationsAfter } from './observations.ts';

export interface LocaliseOptions {
  readonly manifest: Manifest;
  readonly traits: Traits;
  /** Page size in bytes. */
  readonly page: number;
  /** Executes and judges programs. */
  readonly run: (programs: readonly Program[]) => Promise<readonly Judged[]>;
}

/** A part of a program up to some step, and the observations that can be made after it. */
interface Part {
  readonly program: Program;
  readonly observations: readonly Step[];
}

/** The number of steps after which a program can be cut: not within a block. */
function cutsOf({ steps, blocks }: Program): number[] {
  const within = (cut: number): boolean => blocks.some(({ start, end }) => cut > start && cut < end);
  return steps.map((_, i) => i + 1).filter((cut) => !within(cut));
}

/** The first `cut` steps of a program. */
const firstSteps = (program: Program, cut: number): Program => ({
  ...program,
  steps: program.steps.slice(0, cut),
  blocks: program.blocks.filter(({ end }) => end <= cut),
});

const withSteps = (program: Program, steps: readonly Step[]): Program => ({
  ...program,
  steps: [...program.steps, ...steps],
});

/**
 * The part of a program up to a cut; undefined if the program is not defined.
 * @param own an observation to make besides the usual ones.
 */
function partOf(whole: Program, cut: number, own: Step | undefined, options: LocaliseOptions): Part | undefined {
  const { manifest, traits, page } = options;
  const program = firstSteps(whole, cut);
  const fresh = (): Known => new Known(traits, program.cpus, program.frames, page);
  const known = fresh();
  if (findInvalid(program, known)) return undefined;
  const defined = own && findInvalid(withSteps(program, [own]), fresh()) === undefined;
  const observations = [...(defined ? [own] : []), ...observationsAfter(program, known, manifest)];
  return { program, observations: observations.slice(0, manifest.steps - program.steps.length) };
}

/** The observations to try alone. A lookup is also tried after a read of the same address: the read may contradict it. */
function alternatives({ program, observations }: Part): Program[] {
  const read = VOCABULARY.get('read')!;
  return observations.flatMap((step) => {
    const alone = withSteps(program, [step]);
    if (step.call.sees !== 'tables') return [alone];
    const address = step.args[step.args.length - 1];
    return [alone, withSteps(program, [{ cpu: 0, call: read, binds: -1, args: [address] }, step])];
  });
}

/** What CPUs reach matters most; wrong counts mostly follow from it. */
const KINDS: readonly Sees[] = ['translations', 'tables', 'counts'];

/** How well the violation of a part names the culprit; lower is better. */
function rankOf({ trace, violation }: Judged, part: Part): number {
  const kind = KINDS.indexOf(trace.program.steps[violation!.step].call.sees);
  return KINDS.length * ownerRank({ trace, violation }, part) + Math.max(kind, 0);
}

/** 0 if the last call of the part promised the clause, 2 if the looking call itself did, 1 otherwise. */
function ownerRank({ trace, violation }: Pick<Judged, 'trace' | 'violation'>, part: Part): number {
  const { clause, step } = violation!;
  const { steps, blocks } = part.program;
  const block = blocks.find(({ end }) => end === steps.length);
  const last = block ? steps.slice(block.start) : steps.slice(-1);
  const seenBy = trace.program.steps[step].call;
  if (seenBy.sees === 'tables' && owns(seenBy, clause)) return 2;
  return last.some(({ call }) => owns(call, clause)) ? 0 : 1;
}

/**
 * Whether a lookup gives a wrong answer although the page tables are right: after a read of the address, which tells
 * the truth, the answer breaks a clause of the lookup itself.
 */
function lies(failures: readonly Judged[], lookup: Judged): Judged | undefined {
  const step = lookup.trace.program.steps[lookup.violation!.step];
  return failures.find(({ trace, violation }) => {
    const { steps } = trace.program;
    return (
      steps.length === lookup.trace.program.steps.length + 1 &&
      steps[violation!.step] === step &&
      owns(step.call, violation!.clause)
    );
  });
}

/** The best of the failures that observations after a part show. */
function best(failures: readonly Judged[], part: Part): Judged | undefined {
  const honest = failures.map((one) => {
    const { call } = one.trace.program.steps[one.violation!.step];
    return call.sees === 'tables' ? (lies(failures, one) ?? one) : one;
  });
  return honest.reduce<Judged | undefined>(
    (least, one) => (least === undefined || rankOf(one, part) < rankOf(least, part) ? one : least),
    undefined,
  );
}

/**
 * Runs each beginning of a program with observations at its end, up to the first after which the state is wrong.
 * @param end the number of steps of the longest beginning.
 * @param own an observation to make besides the usual ones.
 */
async function firstWrong(
  program: Program,
  end: number,
  own: Step | undefined,
  options: LocaliseOptions,
): Promise<Judged | undefined> {
  const parts = cutsOf(program)
    .filter((cut) => cut <= end)
    .flatMap((cut) => partOf(program, cut, own, options) ?? []);
  const runs = await options.run(parts.map((part) => withSteps(part.program, part.observations)));
  const first = runs.findIndex((run) => run.violation !== undefined);
  if (first < 0) return undefined;
  const alone = await options.run(alternatives(parts[first]));
  const failures = alone.filter((run) => run.violation !== undefined);
  return best(failures, parts[first]) ?? runs[first];
}

/**
 * Finds the first step of a failing program after which the state is already wrong.
 * @returns the beginning of the program up to that step and the observation that fails after it, as they ran; undefined
 * if nothing shows before the step that fails.
 */
export function localise({ trace, violation }: Judged, options: LocaliseOptions): Promise<Judged | undefined> {
  const { program } = trace;
  const { step, clause } = violation!;
  const failed = program.steps[step];
  const looks = failed.call.side === 'observe' || onlyLooks(failed.call);
  return firstWrong(program, clause === LEAKS ? program.steps.length : step, looks ? failed : undefined, options);
}

/** Orders of a program's steps without overlap: by when they were called or returned, or lane after lane. */
function* inTurn({ program, times }: Trace): Generator<Program, void> {
  const [block, ...others] = program.blocks;
  if (others.length > 0) return;
  const { steps } = program;
  const within = steps.slice(block.start, block.end);
  for (const moment of ['called', 'returned'] as const) {
    const at = (i: number): number => times?.[block.start + i]?.[moment] ?? 0;
    const sorted = within
      .map((_, i) => i)
      .toSorted((a, b) => at(a) - at(b))
      .map((i) => within[i]);
    yield {
      ...program,
      steps: [...steps.slice(0, block.start), ...sorted, ...steps.slice(block.end)],
      blocks: NO_BLOCKS,
    };
  }
  for (const lanes of permutations(lanesOf(steps, block))) {
    const sorted = lanes.flatMap((cpu) => within.filter((step) => step.cpu === cpu));
    yield {
      ...program,
      steps: [...steps.slice(0, block.start), ...sorted, ...steps.slice(block.end)],
      blocks: NO_BLOCKS,
    };
  }
}

function* permutations<T>(values: readonly T[]): Generator<readonly T[], void> {
  if (values.length === 0) yield [];
  for (const [i, value] of values.entries())
    for (const rest of permutations(values.toSpliced(i, 1))) yield [value, ...rest];
}

/**
 * Runs the overlapping steps of a failing program one after the other, and observes the state after each step.
 * @returns a failing program without overlap, as it ran; undefined if all of them hold.
 */
export async function withoutOverlap({ trace }: Judged, options: LocaliseOptions): Promise<Judged | undefined> {
  for (const program of inTurn(trace)) {
    const found = await firstWrong(program, program.steps.length, undefined, options);
    if (found) return found;
  }
  return undefined;
}
