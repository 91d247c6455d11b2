import type { Call } from '../calls/call.ts';
import { CRASH, LEAKS } from '../clauses/common.ts';
import type { Tally } from '../clauses/tally.ts';
import type { Violation } from '../clauses/violation.ts';
import { Model } from '../model/model.ts';
import type { Window } from '../notation/document.ts';
import { printStep } from '../notation/print.ts';
import type { Trace as AnyTrace } from '../notation/program.ts';
import type { Traits } from '../profiles/traits.ts';
import { idle, MalformedTrace } from './answer.ts';
import { judgeBlock } from './block.ts';

export { MalformedTrace };

export type Trace = AnyTrace<Call>;

/** What a trace is judged by. */
export interface Terms {
  readonly traits: Traits;
  /** Page size in bytes. */
  readonly page: number;
  readonly windows: ReadonlyMap<'kernel' | 'user', Window>;
}

const IN_ANY_STATE = new Set(['crash', 'timeout', 'warn']);

/** Judges a step where nobody knows any more what is mapped: only what is wrong in any state. */
function judgeUnknowing(model: Model, trace: Trace, index: number, clock: number): void {
  const outcome = trace.outcomes[index];
  model.enter(index, clock + 1, clock + 2, outcome);
  model.tally.steps++;
  if (IN_ANY_STATE.has(outcome.kind)) idle(model, trace.program.steps[index], index, outcome);
}

/**
 * Judges one trace; counts what it exercised in `tally`.
 * @returns the first violation, or undefined where every clause held.
 * @throws MalformedTrace where the target answered what the grammar forbids.
 */
export function judge(trace: Trace, terms: Terms, tally: Tally): Violation | undefined {
  const { program, outcomes } = trace;
  const model = new Model(terms.traits, tally, program.frames, terms.page, terms.windows);
  tally.programs++;
  let block = 0;
  let clock = 0;
  for (let index = 0; index < outcomes.length; index++) {
    if (model.unknown) {
      judgeUnknowing(model, trace, index, clock);
      if (model.violation) break;
      continue;
    }
    if (index === program.blocks[block]?.start) {
      clock = judgeBlock(model, trace, program.blocks[block++], clock);
      if (model.violation) return model.violation;
      index = program.blocks[block - 1].end - 1;
      continue;
    }
    const step = program.steps[index];
    const outcome = outcomes[index];
    model.enter(index, clock + 1, clock + 2, outcome);
    clock += 2;
    tally.steps++;
    if (!idle(model, step, index, outcome)) step.call.end(model, step, outcome);
    if (model.violation) return model.violation;
  }
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
    model.enter(program.steps.length - 1, clock + 1, clock + 2, outcomes[outcomes.length - 1]);
    model.violate(LEAKS, `nothing left over; the target says: ${trace.leaks.join('; ')}`);
  } else model.uphold(LEAKS);
  return model.violation;
}
