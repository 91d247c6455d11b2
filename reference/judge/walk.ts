import type { Call } from '../calls/call.ts';
import { runsIn } from '../calls/spaces.ts';
import type { Model } from '../model/model.ts';
import { CALL_NAMES } from '../notation/names.ts';
import type { Outcome } from '../notation/outcome.ts';
import type { Trace as AnyTrace } from '../notation/program.ts';
import { judgeNonEffect } from './answer.ts';
import { judgeBlock } from './block.ts';
import { foresee } from './memory.ts';
import type { Observer } from './observer.ts';

const FAIL_AFTER = CALL_NAMES.indexOf('fail_after');
const IN_ANY_STATE = new Set(['crash', 'timeout', 'warn']);

const isOutOfMemory = ({ kind, text }: Outcome): boolean => kind === 'null' || (kind === 'errno' && text === 'ENOMEM');

/** Judges a step when it is not known what is mapped: only answers that are wrong in any state. */
function judgeUnknowing(model: Model, trace: AnyTrace<Call>, index: number, clock: number): void {
  const step = trace.program.steps[index];
  const outcome = trace.outcomes[index];
  model.enter(index, step.cpu, clock + 1, clock + 2, outcome, step.call.position);
  model.tally.steps++;
  if (IN_ANY_STATE.has(outcome.kind)) judgeNonEffect(model, step, index, outcome);
}

/**
 * Takes a model through a trace, step by step, until the first violation.
 * @returns the logical time at which it stopped.
 * @throws MalformedTrace if the grammar forbids an answer, unless the model is lenient.
 */
export function walk(model: Model, trace: AnyTrace<Call>, observer?: Observer): number {
  const { program, outcomes } = trace;
  const { blocks } = program;
  model.cpus = program.cpus;
  let block = 0;
  let clock = 0;
  for (let index = 0; index < outcomes.length; index++) {
    if (model.unknown) {
      judgeUnknowing(model, trace, index, clock);
      if (model.violation) break;
      continue;
    }
    if (block < blocks.length && index === blocks[block].start) {
      clock = judgeBlock(model, trace, blocks[block++], clock, observer);
      if (model.violation) break;
      index = blocks[block - 1].end - 1;
      continue;
    }
    const step = program.steps[index];
    const outcome = outcomes[index];
    model.enter(index, step.cpu, clock + 1, clock + 2, outcome, step.call.position);
    clock += 2;
    foresee(model, step);
    model.tally.steps++;
    const space = runsIn(step);
    if (space >= 0) model.enterSpace(space);
    const armed = model.injected > 0;
    if (!judgeNonEffect(model, step, index, outcome)) {
      if (armed && isOutOfMemory(outcome)) model.showEffect(FAIL_AFTER);
      step.call.end(model, step, outcome);
    }
    if (space >= 0) model.enterSpace(-1);
    if (model.violation) break;
    observer?.(index, 'whole');
  }
  return clock;
}
