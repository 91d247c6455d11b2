import type { Sees, Step } from '../../../reference/calls/call.ts';
import { findInvalid, type Program } from '../../../reference/calls/valid.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import { Known } from '../../../reference/model/known.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';
import { argumentOf, namedAddress } from '../../programs/arguments.ts';
import type { Manifest } from '../../targets/target.ts';
import type { Judged } from '../execution.ts';
import { overlappingSteps, owns } from './culprit.ts';
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

/** What is known after a program; undefined if the program is not defined. */
export function knownAfter(
  program: Program,
  { traits, page }: Pick<LocaliseOptions, 'traits' | 'page'>,
): Known | undefined {
  const known = new Known(traits, program.cpus, program.frames, page);
  return findInvalid(program, known) ? undefined : known;
}

/** The number of steps after which a program can be cut: not within a block. */
export function cutsOf({ steps, blocks }: Program): number[] {
  const within = (cut: number): boolean => blocks.some(({ start, end }) => cut > start && cut < end);
  return steps.map((_, i) => i + 1).filter((cut) => !within(cut));
}

/** The first `cut` steps of a program. */
export const firstSteps = (program: Program, cut: number): Program => ({
  ...program,
  steps: program.steps.slice(0, cut),
  blocks: program.blocks.filter(({ end }) => end <= cut),
});

export const withSteps = (program: Program, steps: readonly Step[]): Program => ({
  ...program,
  steps: [...program.steps, ...steps],
});

/**
 * A beginning of a program, with the observations after it; undefined if it is not defined.
 * @param own an observation to make besides the usual ones.
 */
function partOf(program: Program, own: Step | undefined, options: LocaliseOptions): Part | undefined {
  const { manifest } = options;
  const known = knownAfter(program, options);
  if (!known) return undefined;
  const defined = own && knownAfter(withSteps(program, [own]), options) !== undefined;
  const observations = [...(defined ? [own] : []), ...observationsAfter(program, known, manifest)];
  return { program, observations: observations.slice(0, manifest.steps - program.steps.length) };
}

/** The observations to try alone. A lookup is also tried after a read of the same address: the read may contradict it. */
function alternatives({ program, observations }: Part): Program[] {
  const read = VOCABULARY.get('read')!;
  return observations.flatMap((step) => {
    const alone = withSteps(program, [step]);
    if (step.call.sees !== 'tables') return [alone];
    const address = argumentOf(step, 'address');
    return [alone, withSteps(program, [{ cpu: 0, call: read, binds: -1, args: [address] }, step])];
  });
}

/** What CPUs reach matters most; wrong counts mostly follow from it. */
const KINDS: readonly Sees[] = ['translations', 'tables', 'counts'];

/** The last step of a program, or all steps of a block at its end. */
export const lastSteps = (program: Program): Step[] =>
  overlappingSteps(program, program.steps.length - 1).map((at) => program.steps[at]);

/**
 * Whether an area is not reached after a call for VMAs, which must leave areas alone: then the memory itself is gone, and
 * that VMAs do not reach it either follows from that.
 */
function losesArea({ trace, violation }: Judged, part: Part): boolean {
  const seenAt = trace.program.steps[violation!.step];
  const inArea = seenAt.call.sees === 'translations' && namedAddress(argumentOf(seenAt, 'address'))?.base === 'a';
  return inArea && lastSteps(part.program).every(({ call }) => call.side === 'user');
}

/** How well the violation of a part names the culprit; lower is better. */
function rankOf(failure: Judged, part: Part): number {
  const { trace, violation } = failure;
  if (losesArea(failure, part)) return -1;
  const kind = KINDS.indexOf(trace.program.steps[violation!.step].call.sees);
  return KINDS.length * ownerRank({ trace, violation }, part) + Math.max(kind, 0);
}

/** 0 if the last call of the part promised the clause, 2 if the looking call itself did, 1 otherwise. */
function ownerRank({ trace, violation }: Pick<Judged, 'trace' | 'violation'>, part: Part): number {
  const { clause, step } = violation!;
  const seenBy = trace.program.steps[step].call;
  if (seenBy.sees === 'tables' && owns(seenBy, clause)) return 2;
  return lastSteps(part.program).some(({ call }) => owns(call, clause)) ? 0 : 1;
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

/** Where to look for the first wrong state. */
interface Search {
  readonly program: Program;
  /** The number of steps of the shortest and of the longest beginning to try; all by default. */
  readonly from?: number;
  readonly end?: number;
  /** An observation to make besides the usual ones. */
  readonly own?: Step | undefined;
  /** Steps to try, one list at a time, between a beginning and the observations. */
  readonly probe?: (beginning: Program) => readonly (readonly Step[])[];
  /** Whether what the clean-up leaves counts, too. It says least, so that it counts only if nothing else fails. */
  readonly cleanUp?: boolean;
}

/** Each beginning of a program, followed by one of the probes if there are any. */
function beginnings({ program, from = 0, end = program.steps.length, probe }: Search): Program[] {
  return cutsOf(program)
    .filter((cut) => cut >= from && cut <= end)
    .map((cut) => firstSteps(program, cut))
    .flatMap((one) => (probe ? probe(one).map((steps) => withSteps(one, steps)) : [one]));
}

/**
 * Runs each beginning of a program with observations at its end, up to the first after which the state is wrong.
 * @returns the beginning and the observation that fails after it, as they ran; undefined if all of them hold.
 */
export async function firstWrong(search: Search, options: LocaliseOptions): Promise<Judged | undefined> {
  const fails = ({ violation }: Judged): boolean =>
    violation !== undefined && (search.cleanUp === true || violation.left === undefined);
  const parts = beginnings(search).flatMap((program) => partOf(program, search.own, options) ?? []);
  const runs = await options.run(parts.map((part) => withSteps(part.program, part.observations)));
  const first = runs.findIndex(fails);
  if (first < 0) return undefined;
  const alone = await options.run(alternatives(parts[first]));
  return best(alone.filter(fails), parts[first]) ?? runs[first];
}
