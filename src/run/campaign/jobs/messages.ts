import type { Program } from '../../../../reference/calls/valid.ts';
import { type Answer, type Manifest, TargetFailure } from '../../../targets/target.ts';
import type { CountsSnapshot } from '../counts.ts';
import type { RandomOptions, Span } from '../source.ts';

/** What the threads of a campaign send each other. The structured clone algorithm copies it, so it holds no functions. */

/** What a job needs to draw and judge the same programs as the campaign. */
export interface Setup extends Pick<RandomOptions, 'cpus' | 'frames' | 'length' | 'warnings' | 'parallel' | 'chance'> {
  readonly spec: string;
  /** The profile and the traits of the agreement. */
  readonly profile: string;
  readonly traits: ReadonlyMap<string, string>;
  readonly seed: number;
  /** Ids of the clauses whose calls are drawn more often. */
  readonly favour: readonly string[];
  /** Count the goals of a gate. */
  readonly goals: boolean;
  /** The manifest of the campaign's own target, as `fingerprint` prints it. */
  readonly fingerprint: string;
}

/** An answer without its program, which each thread draws itself. */
interface AnswerData extends Pick<Answer, 'outcomes' | 'times' | 'leaks' | 'courses' | 'log'> {
  /** The blocks as they ran; undefined if they are those of the program. */
  readonly blocks?: Program['blocks'];
  readonly earlier?: readonly AnswerData[];
  readonly failure?: FailureData;
}

/** A failure of the target outside a step. */
interface FailureData {
  readonly message: string;
  readonly log: string;
  /** The numbers of the programs that were running. */
  readonly programs: readonly number[];
}

/** What a job sends about a program that did not simply hold: the campaign's own thread decides what follows. */
export interface Odd {
  readonly number: number;
  /** The answer to judge again; undefined where the campaign's target gives the same answer, or the target failed. */
  readonly answer?: AnswerData;
  readonly failure?: FailureData;
  /** Numbers of the programs that the target of the job ran before, the latest last. */
  readonly before: readonly number[];
}

/** Programs that held, and the odd one after them, if the span goes on. */
export interface Segment {
  readonly held: CountsSnapshot;
  readonly odd?: Odd;
}

/** What a job sends: it is ready, it cannot open the target, or it ran a span. */
export type FromJob =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unable'; readonly message: string; readonly log: string }
  | { readonly kind: 'ran'; readonly span: Span; readonly segments: readonly Segment[]; readonly milliseconds: number };

/** What the campaign sends to a job: programs to run, or the order to end. */
export type ToJob = Span | 'end';

/** The parts of a manifest that programs depend on, as text. */
export const fingerprint = ({ name, profile, traits, cpus, frames, page, windows, calls, can, ...more }: Manifest) =>
  JSON.stringify([
    [name, profile, cpus, frames, page, more.memory, more.steps, more.line, more.sizes],
    [...traits].sort(),
    [...windows].sort(),
    [...calls].sort(),
    [...can].sort(),
    [...(more.support ?? [])].map(([call, { words }]) => [call, words]).sort(),
  ]);

/**
 * A failure that can be sent to another thread.
 * @param numberOf the number of a program that ran.
 */
export const packFailure = (
  { message, log, programs }: TargetFailure,
  numberOf: (program: Program) => number | undefined,
): FailureData => ({ message, log, programs: programs.map(numberOf).filter((number) => number !== undefined) });

/**
 * The failure that `packFailure` packed.
 * @param draw the random program of a number.
 */
export const unpackFailure = ({ message, log, programs }: FailureData, draw: (number: number) => Program) =>
  new TargetFailure(message, { log, programs: programs.map(draw) });

/**
 * An answer that can be sent to another thread.
 * @param program the program that was sent: a target that repeats it answers with the blocks as they ran.
 */
export function packAnswer(
  { program: ran, earlier, failure, ...rest }: Answer,
  program: Program,
  numberOf: (program: Program) => number | undefined,
): AnswerData {
  return {
    ...rest,
    ...(ran.blocks === program.blocks ? {} : { blocks: ran.blocks }),
    ...(earlier ? { earlier: earlier.map((one) => packAnswer(one, program, numberOf)) } : {}),
    ...(failure ? { failure: packFailure(failure, numberOf) } : {}),
  };
}

/** The answer that `packAnswer` packed. */
export function unpackAnswer(
  { blocks, earlier, failure, ...rest }: AnswerData,
  program: Program,
  draw: (number: number) => Program,
): Answer {
  return {
    ...rest,
    program: blocks ? { ...program, blocks } : program,
    ...(earlier ? { earlier: earlier.map((one) => unpackAnswer(one, program, draw)) } : {}),
    ...(failure ? { failure: unpackFailure(failure, draw) } : {}),
  };
}
