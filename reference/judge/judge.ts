import type { Call, Step } from '../calls/call.ts';
import * as common from '../calls/common.ts';
import { Model } from '../model/model.ts';
import type { Address } from '../notation/address.ts';
import type { Window } from '../notation/document.ts';
import { type Outcome, printOutcome } from '../notation/outcome.ts';
import { printStep } from '../notation/print.ts';
import type { Trace as AnyTrace } from '../notation/program.ts';
import type { Traits } from '../traits.ts';
import type { Tally } from './tally.ts';
import type { Violation } from './violation.ts';

export type Trace = AnyTrace<Call>;

/** What a trace is judged by. */
export interface Terms {
  readonly traits: Traits;
  /** Page size in bytes. */
  readonly page: number;
  readonly windows: ReadonlyMap<'kernel' | 'user', Window>;
}

/** A trace that no implementation can have given: nothing is known about the contract then. */
export class MalformedTrace extends Error {
  override readonly name = 'MalformedTrace';
  /** Index of the step whose answer is at fault. */
  readonly step: number;

  constructor(step: number, message: string) {
    super(message);
    this.step = step;
  }
}

/** True where every name that the step needs is bound. */
function bound(model: Model, step: Step): boolean {
  for (const at of step.call.naming) {
    const address = step.args[at] as Address | undefined;
    if (address === undefined) continue;
    if (address.base === 'a' && model.kernel.named[address.index] === undefined) return false;
    if (address.base === 'v' && model.user.named[address.index] === undefined) return false;
  }
  return true;
}

function malformed(index: number, step: Step, outcome: Outcome, expected: string): never {
  throw new MalformedTrace(
    index,
    `step ${index + 1}, ${printStep(step)}: the target answered ${printOutcome(outcome)}, which is no answer to it; expected ${expected}`,
  );
}

/** True where the answer says nothing about the contract's state: the step had no effect that the model must follow. */
function idle(model: Model, step: Step, index: number, outcome: Outcome): boolean {
  const runs = bound(model, step);
  switch (outcome.kind) {
    case 'skipped':
      if (runs) malformed(index, step, outcome, 'an outcome: all names that it needs are bound');
      return true;
    case 'unsupported': {
      const { unsupported } = model.tally;
      unsupported.set(step.call.name, (unsupported.get(step.call.name) ?? 0) + 1);
      return true;
    }
    case 'crash':
    case 'timeout':
      model.violate(common.CRASH, `${step.call.outcomes.join(', ')}`);
      return true;
    case 'warn':
      if (!step.call.warns?.(step)) model.violate(common.WARNING, `${step.call.outcomes.join(', ')}, and no warning`);
      return true;
    default:
      if (!runs) malformed(index, step, outcome, 'skipped: a name that it needs was never bound');
      if (!step.call.outcomes.includes(outcome.kind)) malformed(index, step, outcome, step.call.outcomes.join(', '));
      return false;
  }
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
  for (let index = 0; index < outcomes.length; index++) {
    const step = program.steps[index];
    const outcome = outcomes[index];
    model.enter(index, 2 * index + 1, 2 * index + 2, outcome);
    tally.steps++;
    if (!idle(model, step, index, outcome)) step.call.end(model, step, outcome);
    if (model.violation) return model.violation;
  }
  if (outcomes.length < program.steps.length) {
    const step = program.steps[outcomes.length];
    throw new MalformedTrace(
      outcomes.length,
      `step ${outcomes.length + 1}, ${printStep(step)}: the target gave no answer`,
    );
  }
  return undefined;
}
