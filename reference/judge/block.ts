import type { Call } from '../calls/call.ts';
import type { Model } from '../model/model.ts';
import { printStep } from '../notation/print.ts';
import type { Trace as AnyTrace, Block, Interval } from '../notation/program.ts';
import { judgeNonEffect, MalformedTrace } from './answer.ts';
import { foresee } from './memory.ts';
import type { Observer, Phase } from './observer.ts';

type Trace = AnyTrace<Call>;

/** Something that happened in a block: a step was called, or returned. */
interface Event {
  readonly at: number;
  readonly step: number;
  readonly returns: boolean;
}

const UNTIMED = new Set(['skipped', 'unsupported', 'crash', 'timeout']);

/**
 * When a step of a block was called and returned; undefined if it has no times and needs none.
 * @param before the interval of the step before it on its CPU.
 * @throws MalformedTrace if the times are missing or impossible, unless `lenient`.
 */
function intervalOf(trace: Trace, index: number, before: Interval | undefined, lenient: boolean): Interval | undefined {
  const interval = trace.times?.[index];
  if (lenient) return interval;
  const outcome = trace.outcomes[index];
  const step = trace.program.steps[index];
  if (!interval) {
    if (UNTIMED.has(outcome.kind)) return undefined;
    throw new MalformedTrace(
      index,
      `step ${index + 1}, ${printStep(step)}, is in a par block and has no times; expected [CALLED RETURNED]`,
    );
  }
  if (before && interval.called <= before.returned) {
    throw new MalformedTrace(
      index,
      `step ${index + 1}, ${printStep(step)}, was called at ${interval.called}, before the step before it on CPU ${step.cpu} returned at ${before.returned}`,
    );
  }
  return interval;
}

/** The calls and returns of a block in their logical order. */
function timeline(trace: Trace, block: Block, end: number, lenient: boolean): Event[] {
  const events: Event[] = [];
  const lanes = new Map<number, Interval>();
  const taken = new Set<number>();
  for (let index = block.start; index < end; index++) {
    const { cpu } = trace.program.steps[index];
    const interval = intervalOf(trace, index, lanes.get(cpu), lenient);
    if (!interval) continue;
    lanes.set(cpu, interval);
    for (const at of [interval.called, interval.returned]) {
      if (taken.has(at) && !lenient)
        throw new MalformedTrace(index, `step ${index + 1}: the logical time ${at} was given twice`);
      taken.add(at);
    }
    events.push(
      { at: interval.called, step: index, returns: false },
      { at: interval.returned, step: index, returns: true },
    );
  }
  return events.sort((a, b) => a.at - b.at);
}

/** What an observer sees of the `at`-th event: nothing if it is a call that is followed by its own return. */
function phaseOf(events: readonly Event[], at: number): Phase | undefined {
  const { step, returns } = events[at];
  if (returns) return events[at - 1]?.step === step ? 'whole' : 'return';
  return events[at + 1].step === step ? undefined : 'call';
}

/**
 * Judges the steps of a parallel block. Each has its effects at some moments between its call and its return.
 * @returns the logical time at which the block ended.
 */
export function judgeBlock(model: Model, trace: Trace, block: Block, clock: number, observer?: Observer): number {
  const { steps } = trace.program;
  const end = Math.min(block.end, trace.outcomes.length);
  const events = timeline(trace, block, end, model.lenient);
  // Any step of the block may have run before any other.
  for (let index = block.start; index < block.end; index++) foresee(model, steps[index]);
  model.overlapping = true;
  model.kernel.enterBlock();
  model.user.enterBlock();
  for (let at = 0; at < events.length; at++) {
    const { step: index, returns } = events[at];
    const interval = trace.times![index]!;
    const step = steps[index];
    const outcome = trace.outcomes[index];
    model.enter(index, step.cpu, clock + interval.called, clock + interval.returned, outcome, step.call.position);
    if (!returns) model.now = model.called;
    else model.tally.steps++;
    const early = step.call.effectsAtCall === true;
    if (returns === early) {
      if (!returns && !UNTIMED.has(outcome.kind)) step.call.begin?.(model, step, outcome);
    } else if (!judgeNonEffect(model, step, index, outcome)) step.call.end(model, step, outcome);
    if (model.violation) return clock;
    if (observer && at < events.length - 1) {
      const phase = phaseOf(events, at);
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
  const last = clock + (events.at(-1)?.at ?? 0) + 2;
  model.enter(end - 1, steps[end - 1].cpu, clock, last, trace.outcomes[end - 1]);
  model.user.leaveBlock();
  // Observers see the last return when the states are known that the whole block leaves.
  if (observer && events.length > 0) observer(events[events.length - 1].step, phaseOf(events, events.length - 1)!);
  if (observer) for (const index of untimed) observer(index, 'whole');
  return last;
}
