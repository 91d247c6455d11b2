import type { Call } from '../calls/call.ts';
import type { Model } from '../model/model.ts';
import { printStep } from '../notation/print.ts';
import type { Trace as AnyTrace, Block, Interval } from '../notation/program.ts';
import { judgeNonEffect, MalformedTrace } from './answer.ts';

type Trace = AnyTrace<Call>;

/** Something that happened in a block: a step was called, or returned. */
interface Event {
  readonly at: number;
  readonly step: number;
  readonly returns: boolean;
}

const UNTIMED = new Set(['skipped', 'unsupported', 'crash', 'timeout']);

function intervalOf(trace: Trace, index: number, before: Interval | undefined): Interval | undefined {
  const interval = trace.times?.[index];
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
function timeline(trace: Trace, block: Block, end: number): Event[] {
  const events: Event[] = [];
  const lanes = new Map<number, Interval>();
  const taken = new Set<number>();
  for (let index = block.start; index < end; index++) {
    const { cpu } = trace.program.steps[index];
    const interval = intervalOf(trace, index, lanes.get(cpu));
    if (!interval) continue;
    lanes.set(cpu, interval);
    for (const at of [interval.called, interval.returned]) {
      if (taken.has(at)) throw new MalformedTrace(index, `step ${index + 1}: the logical time ${at} was given twice`);
      taken.add(at);
    }
    events.push(
      { at: interval.called, step: index, returns: false },
      { at: interval.returned, step: index, returns: true },
    );
  }
  return events.sort((a, b) => a.at - b.at);
}

/**
 * Judges the steps of a parallel block. Each has its effects at moments of its own between its call and its return.
 * @returns the logical time at which the block has ended.
 */
export function judgeBlock(model: Model, trace: Trace, block: Block, clock: number): number {
  const { steps } = trace.program;
  const end = Math.min(block.end, trace.outcomes.length);
  const events = timeline(trace, block, end);
  model.overlapping = true;
  model.kernel.enterBlock();
  model.user.enterBlock();
  for (const { step: index, returns } of events) {
    const interval = trace.times![index]!;
    const step = steps[index];
    const outcome = trace.outcomes[index];
    model.enter(index, step.cpu, clock + interval.called, clock + interval.returned, outcome);
    if (!returns) model.now = model.called;
    else model.tally.steps++;
    const early = step.call.effectsAtCall === true;
    if (returns === early) {
      if (!returns && !UNTIMED.has(outcome.kind)) step.call.begin?.(model, step, outcome);
    } else if (!judgeNonEffect(model, step, index, outcome)) step.call.end(model, step, outcome);
    if (model.violation) return clock;
  }
  model.overlapping = false;
  for (let index = block.start; index < end; index++) {
    if (trace.times?.[index]) continue;
    model.enter(index, steps[index].cpu, clock, clock, trace.outcomes[index]);
    model.tally.steps++;
    judgeNonEffect(model, steps[index], index, trace.outcomes[index]);
    if (model.violation) return clock;
  }
  const last = clock + (events.at(-1)?.at ?? 0) + 2;
  model.enter(end - 1, steps[end - 1].cpu, clock, last, trace.outcomes[end - 1]);
  model.user.leaveBlock();
  return last;
}
