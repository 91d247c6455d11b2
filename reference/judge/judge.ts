import type { Call } from '../calls/call.ts';
import { findInvalid } from '../calls/valid.ts';
import { CRASH, LEAKS, WARNING } from '../clauses/common.ts';
import { Tally } from '../clauses/tally.ts';
import type { Violation } from '../clauses/violation.ts';
import { Known } from '../model/known.ts';
import { Model } from '../model/model.ts';
import type { Window } from '../notation/header.ts';
import { printStep } from '../notation/print.ts';
import type { Trace as AnyTrace } from '../notation/program.ts';
import type { Traits } from '../profiles/traits.ts';
import { MalformedTrace } from './answer.ts';
import { AMPLE_PAGES } from './memory.ts';
import { walk } from './walk.ts';

export { MalformedTrace };

/** How a line `leak` begins that reports a warning of the clean-up. */
export const CLEAN_UP_WARNING = 'warning: ';

/**
 * A program with what a target answered: one outcome for each step, in order. Fewer outcomes than steps where the last
 * one is `crash` or `timeout`.
 *
 * @example
 * ```ts
 * import { parse, printTraceSteps, type Trace } from 'mmspec';
 *
 * const trace: Trace = parse('mmspec trace 1\n@0 a0 = vmap f0 => 0x1000000\n@1 read a0 => f0\n').entries[0].trace;
 * console.log(trace.outcomes.map(({ kind }) => kind)); // [ 'address', 'frame' ]
 * console.log(printTraceSteps(trace));
 * ```
 */
export type Trace = AnyTrace<Call>;

/**
 * What a trace is judged by. `agree` makes it from the manifest of a target, or from the header of a recorded trace.
 *
 * @example
 * ```ts
 * import { agree, parse, type Terms } from 'mmspec';
 *
 * const { header } = parse('mmspec trace 1\nprofile linux-6.12\n@0 vm_unmap_aliases => ok\n');
 * const terms: Terms = agree(header).terms;
 * console.log(terms.page, terms.traits.tlb); // 4096 lazy
 * ```
 */
export interface Terms {
  readonly traits: Traits;
  /** Page size in bytes. */
  readonly page: number;
  readonly windows: ReadonlyMap<'kernel' | 'user', Window>;
  /** How many pages a program may count on; 1024 by default. */
  readonly memory?: number;
}

/** A model with more memory than this, as `Model.room` counts it, is not kept. */
const MAX_ROOM = 32_768;

/** The model of the last trace. The next one is judged with its memory. */
let spare: Model | undefined;

/** A model to judge a trace by the terms. */
function takeModel({ traits, page, windows }: Terms, tally: Tally, frames: number): Model {
  const model = spare;
  // While a trace is judged, and if that fails, there is no spare model.
  spare = undefined;
  if (model === undefined || model.traits !== traits || model.page !== page)
    return new Model(traits, tally, frames, page, windows);
  model.reset(tally, frames, windows);
  return model;
}

/** Keeps a model for the next trace. */
function giveModel(model: Model): void {
  if (model.room <= MAX_ROOM) spare = model;
}

/**
 * Judges one trace. The trace may come from anywhere: a target, a file, a serial port.
 * @param terms traits, page size (bytes) and windows (pages) of the implementation, from `agree`.
 * @param tally counts what the trace exercised; several traces may share one.
 * @returns the first violation, or undefined where every clause held.
 * @throws MalformedTrace where the target answered what the grammar forbids, or where the contract does not say what
 * follows from an undefined step.
 *
 * @example
 * ```ts
 * import { agree, judge, parse } from 'mmspec';
 *
 * const { header, entries } = parse(`mmspec trace 1
 * profile linux-6.1
 * @0 a0 = vm_map_ram f0 => 0xffffc90000400000
 * @1 read a0            => f0
 * @0 vm_unmap_ram a0 1  => ok
 * @0 vm_unmap_aliases   => ok
 * @1 read a0            => f0
 * `);
 * const violation = judge(entries[0].trace, agree(header).terms);
 * console.log(violation?.step, violation?.clause.id, violation?.allowed); // 4 ALIAS-1 fault, or other
 * ```
 */
export function judge(trace: Trace, terms: Terms, tally: Tally = new Tally()): Violation | undefined {
  const model = takeModel(terms, tally, trace.program.frames);
  model.memory = terms.memory ?? AMPLE_PAGES;
  tally.programs++;
  let violation: Violation | undefined;
  try {
    violation = judgeWith(model, trace);
  } catch (error) {
    const cause = undefinedStep(trace, terms);
    // An undefined step does not explain a wrong answer to a step before it.
    const earlier = error instanceof MalformedTrace && cause !== undefined && error.step < cause.step;
    throw earlier ? error : (cause ?? error);
  }
  giveModel(model);
  return violation;
}

/**
 * The first undefined step, which may be why a trace cannot be judged. Steps are not checked before that: generated
 * programs have no undefined step, and the model follows most undefined steps of recorded traces.
 */
function undefinedStep({ program }: Trace, { traits, page }: Terms): MalformedTrace | undefined {
  const invalid = findInvalid(program, new Known(traits, program.cpus, program.frames, page));
  if (!invalid) return undefined;
  const step = printStep(program.steps[invalid.step]);
  return new MalformedTrace(invalid.step, `step ${invalid.step + 1}, ${step}: the step is undefined: ${invalid.why}`);
}

function judgeWith(model: Model, trace: Trace): Violation | undefined {
  const { program, outcomes } = trace;
  const { tally } = model;
  const clock = walk(model, trace);
  if (model.unknown) tally.unknown++;
  if (model.violation) return model.violation;
  if (outcomes.length < program.steps.length) {
    const step = program.steps[outcomes.length];
    throw new MalformedTrace(
      outcomes.length,
      `step ${outcomes.length + 1}, ${printStep(step)}: the target gave no answer`,
    );
  }
  model.uphold(CRASH);
  if (trace.leaks?.length) {
    const last = program.steps.length - 1;
    model.enter(last, program.steps[last]?.cpu ?? 0, clock + 1, clock + 2, outcomes[last]);
    const warns = trace.leaks.some((leak) => leak.startsWith(CLEAN_UP_WARNING));
    if (warns) model.violate(WARNING, 'no warning in the clean-up');
    model.violate(LEAKS, 'nothing left over');
    const violation = model.violation as Violation | undefined;
    return violation && { ...violation, left: trace.leaks };
  }
  model.uphold(LEAKS);
  return undefined;
}
