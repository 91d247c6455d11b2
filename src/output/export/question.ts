import type { Step } from '../../../reference/calls/call.ts';
import { LEAKS } from '../../../reference/clauses/common.ts';
import type { Violation } from '../../../reference/clauses/violation.ts';
import { judge, MalformedTrace, type Terms, type Trace } from '../../../reference/judge/judge.ts';
import { type FrameId, isPoolFrame } from '../../../reference/notation/frame.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';
import * as outcomes from '../../../reference/notation/outcome.ts';
import { UsageError } from '../../common/errors.ts';
import { argumentOf } from '../../programs/arguments.ts';
import { broughtFrames } from './c/uses.ts';
import { type Exhibit, movedFrom, upTo } from './exhibit.ts';

/** The smallest range of numbers to ask the judge about: counts lie near 0. */
const COUNT_RANGE = 64;
const ERRNOS = [
  'EINVAL',
  'EFAULT',
  'EBUSY',
  'ENOMEM',
  'EAGAIN',
  'EEXIST',
  'EACCES',
  'EPERM',
  'ENXIO',
  'ENOENT',
  'ERANGE',
];
/** Pages between the highest address of a trace and an address that nothing in it uses. */
const FAR = 0x8_0000;

/** The frames that steps of the trace can reach, and the values that steps write. */
function reachable({ trace, agreement }: Exhibit): { frames: Set<FrameId>; values: Set<number> } {
  const frames = new Set<FrameId>();
  const values = new Set([0]);
  for (const step of trace.program.steps) {
    step.args.forEach((value, i) => {
      const { type } = step.call.parameters[i];
      if (type === 'frame' && value !== undefined) frames.add(value as FrameId);
      if (type === 'frames') for (const frame of value as readonly FrameId[]) frames.add(frame);
      if (type === 'value') values.add(value as number);
    });
  }
  for (const frame of broughtFrames(trace.program.steps, agreement.terms.page)) frames.add(frame);
  for (const outcome of trace.outcomes) if (outcome.kind === 'frame') frames.add(outcome.value);
  for (let frame = 0; frame < trace.program.frames; frame++) if (isPoolFrame(frame)) frames.add(frame);
  return { frames, values };
}

/** How many of its pages a step can leave undone: those of its list, or of its range. `page`: the page size in bytes. */
function leftsOf(step: Step, page: number): number[] {
  const pages = argumentOf(step, 'frames')?.length ?? (argumentOf(step, 'bytes') ?? 0) / page;
  return Array.from({ length: pages + 1 }, (_, n) => n);
}

/** Numbers to ask the judge about. A count changes by one for each page that a step inserts or unmaps at most. */
function numbersOf({ trace }: Exhibit): number[] {
  const inserted = trace.program.steps.reduce((sum, step) => sum + (argumentOf(step, 'frames')?.length ?? 1), 0);
  const range = Math.max(COUNT_RANGE, inserted);
  return Array.from({ length: 2 * range + 1 }, (_, n) => n - range);
}

/** Every answer that the step could give, except for memory that the trace has no name for. */
function candidates(exhibit: Exhibit, step: Step): Outcome[] {
  const { frames, values } = reachable(exhibit);
  const { trace } = exhibit;
  const far = FAR + Math.max(0, ...trace.outcomes.map((outcome) => (outcome.kind === 'address' ? outcome.value : 0)));
  const from = movedFrom(trace, step);
  return step.call.outcomes.flatMap((kind): Outcome[] => {
    switch (kind) {
      case 'ok':
        return [outcomes.OK];
      case 'null':
        return [outcomes.NIL];
      case 'fault':
        return [outcomes.FAULT];
      case 'other':
        return [outcomes.OTHER];
      case 'address':
        return [outcomes.address(far), ...(from ? [from] : [])];
      case 'frame':
        return [...frames].flatMap((frame) => [...values].map((value) => outcomes.reached(frame, value)));
      case 'errno': {
        const lefts = step.call.tellsLeft ? leftsOf(step, exhibit.agreement.terms.page) : [-1];
        return ERRNOS.flatMap((name) => lefts.map((left) => outcomes.errno(name, left)));
      }
      case 'number':
        return numbersOf(exhibit).map((value) => outcomes.number(value));
      case 'vmfault':
        return ['NOPAGE', 'SIGBUS', 'OOM'].map((name) => outcomes.vmfault(name));
      default:
        return [];
    }
  });
}

/** The step whose answer an exported program judges. */
export interface Question {
  /** Index of the step. */
  readonly step: number;
  /** Every answer that is allowed; missing where the violation is no answer: a crash, a warning. */
  readonly allowed?: readonly Outcome[];
  /** The allowed answers in words. */
  readonly words: string;
  /** Id and sentence of the clause that any other answer breaks. */
  readonly sentence: string;
}

/** A question about an answer. */
export type Answerable = Question & Required<Pick<Question, 'allowed'>>;

export const isAnswerable = (question: Question): question is Answerable => question.allowed !== undefined;

const asked = (step: number, { clause, allowed: words }: Violation): Question => ({
  step,
  words,
  sentence: `${clause.id}: ${clause.sentence}`,
});

/**
 * What the judge says if a step answers `candidate`. MalformedTrace where the rest of its parallel block cannot go on
 * from there, as after a null instead of the address of an area that is then unmapped.
 */
function judgedWith(trace: Trace, step: number, candidate: Outcome, terms: Terms): Violation | 'malformed' | undefined {
  try {
    return judge({ ...trace, outcomes: trace.outcomes.with(step, candidate) }, terms);
  } catch (error) {
    if (error instanceof MalformedTrace) return 'malformed';
    throw error;
  }
}

/**
 * What the contract allows at a step, found by asking the judge about every possible answer; and the violation that
 * the first answer that is not allowed would be.
 */
function askedAt(exhibit: Exhibit, step: number): { allowed: Outcome[]; broken: Violation | undefined } {
  const { leaks: _, ...trace } = upTo(exhibit.trace, step);
  // The windows are those of the target that it was seen on, and say nothing about others.
  const terms = { ...exhibit.agreement.terms, windows: new Map() };
  let broken: Violation | undefined;
  const allowed = candidates(exhibit, trace.program.steps[step]).filter((candidate) => {
    const told = judgedWith(trace, step, candidate, terms);
    // No run that answers this goes on like the trace, so it does not matter whether it is allowed.
    if (told === 'malformed') return false;
    if (told?.step !== step) return true;
    broken ??= told;
    return false;
  });
  return { allowed, broken };
}

/**
 * The step whose answer is judged: the offending step, or, in a program that holds, the last step with an answer that
 * would break the contract.
 * @throws UsageError if there is no such step, since the program then checks nothing; and for a leak, which no answer
 * of a step shows.
 */
export function questionOf(exhibit: Exhibit): Question {
  const { violation } = exhibit;
  if (violation?.clause === LEAKS && violation.left)
    throw new UsageError(
      `${LEAKS.id} is about what is left over after the program, which no answer of a step shows; --as vitest runs it on a target that reports leaks, trace, program and markdown write it down`,
    );
  if (violation) {
    const question = asked(violation.step, violation);
    const blameless = ['crash', 'timeout', 'warn'].includes(violation.seen.kind);
    return blameless ? question : { ...question, allowed: askedAt(exhibit, violation.step).allowed };
  }
  for (let step = exhibit.trace.program.steps.length - 1; step >= 0; step--) {
    const { allowed, broken } = askedAt(exhibit, step);
    if (broken) return { ...asked(step, broken), allowed };
  }
  throw new UsageError(
    'no step of the program has an answer that would break the contract, so there is nothing to check; add a step that looks: @1 read a0',
  );
}
