import type { Call } from '../calls/call.ts';
import type { Model } from '../model/model.ts';
import type { Trace as AnyTrace, Block } from '../notation/program.ts';
import { judgeNonEffect } from './answer.ts';
import { foresee } from './memory.ts';
import type { Observer, Phase } from './observer.ts';
import { timeline, UNTIMED } from './timeline.ts';

type Trace = AnyTrace<Call>;

/** What an observer sees of an event, by its position: nothing if it is a call that is followed by its own return. */
function phaseOf(events: readonly number[], at: number): Phase | undefined {
  const event = events[at];
  if (event % 2 === 1) return events[at - 1] === event - 1 ? 'whole' : 'return';
  return events[at + 1] === event + 1 ? undefined : 'call';
}

/**
 * Judges the steps of a parallel block. Each has its effects at some moments between its call and its return.
 * @returns the logical time at which the block ended.
 */
export function judgeBlock(model: Model, trace: Trace, block: Block, clock: number, observer?: Observer): number {
  const { steps } = trace.program;
  const end = Math.min(block.end, trace.outcomes.length);
  const { events, called, returned, last: positions } = timeline(trace, block, end, model.lenient);
  // Any step of the block may have run before any other.
  for (let index = block.start; index < block.end; index++) foresee(model, steps[index]);
  model.overlapping = true;
  model.enterBlock();
  for (let event = 0; event < events.length; event++) {
    const index = events[event] >> 1;
    const returns = events[event] % 2 === 1;
    const step = steps[index];
    const outcome = trace.outcomes[index];
    const at = index - block.start;
    model.enter(index, step.cpu, clock + called[at], clock + returned[at], outcome, step.call.position);
    if (!returns) model.now = model.called;
    else model.tally.steps++;
    const early = step.call.effectsAtCall === true;
    if (returns === early) {
      if (!returns && !UNTIMED.has(outcome.kind)) step.call.begin?.(model, step, outcome);
    } else if (!judgeNonEffect(model, step, index, outcome)) step.call.end(model, step, outcome);
    if (model.violation) return clock;
    if (observer && event < events.length - 1) {
      const phase = phaseOf(events, event);
      if (phase) observer(index, phase);
    }
  }
  model.overlapping = false;
  const untimed: number[] = [];
  for (let index = block.start; index < end; index++) {
    if (trace.times?.[index]) continue;
    untimed.push(index);
    model.enter(index, steps[index].cpu, clock, clock, trace.outcomes[index]);
    model.tally.steps++;
    judgeNonEffect(model, steps[index], index, trace.outcomes[index]);
    if (model.violation) return clock;
  }
  const last = clock + positions + 2;
  model.enter(end - 1, steps[end - 1].cpu, clock, last, trace.outcomes[end - 1]);
  model.leaveBlock();
  // Observers see the last return when the states are known that the whole block leaves.
  if (observer && events.length > 0) observer(events[events.length - 1] >> 1, phaseOf(events, events.length - 1)!);
  if (observer) for (const index of untimed) observer(index, 'whole');
  return last;
}
