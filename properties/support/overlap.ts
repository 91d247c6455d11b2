import { findInvalid, type Program } from '../../reference/calls/valid.ts';
import { judge, MalformedTrace, type Terms, type Trace } from '../../reference/judge/judge.ts';
import { Known } from '../../reference/model/known.ts';
import { printTraceSteps } from '../../reference/notation/print.ts';
import type { Interval } from '../../reference/notation/program.ts';

/** Draws a number from 0 to `below - 1`. */
export type Choose = (below: number) => number;

/** How many blocks are tried in a trace, and the largest number of steps of a block. */
const BLOCKS = 8;
const BLOCK_STEPS = 12;

/** Times for the steps `[start, end)`, in which step i takes effect at moment i. Steps of one CPU do not overlap. */
function drawTimes({ steps }: Program, start: number, end: number, choose: Choose): (Interval | undefined)[] {
  const events: { readonly at: number; readonly event: number }[] = [];
  const part = (): number => choose(1000) / 1001;
  for (let index = start; index < end; index++) {
    const of = (at: number): boolean => steps[at].cpu === steps[index].cpu;
    let before = index - 1;
    while (before >= start && !of(before)) before--;
    let after = index + 1;
    while (after < end && !of(after)) after++;
    events.push({ at: index - part() * (before < start ? end : (index - before) / 2), event: 2 * index });
    events.push({ at: index + part() * (after >= end ? end : (after - index) / 2), event: 2 * index + 1 });
  }
  // At the same moment, calls come first.
  events.sort((a, b) => a.at - b.at || (a.event % 2) - (b.event % 2) || a.event - b.event);
  const timeOf = new Map(events.map(({ event }, at) => [event, at + 1]));
  return steps.map((_, index) => {
    const called = timeOf.get(2 * index);
    return called === undefined ? undefined : { called, returned: timeOf.get(2 * index + 1)! };
  });
}

/** What the judge says of a trace that is right; undefined if it says that all clauses hold. */
function objection(trace: Trace, terms: Terms): string | undefined {
  try {
    const violation = judge(trace, terms);
    return violation && `${violation.clause.id} at step ${violation.step + 1}: allowed ${violation.allowed}`;
  } catch (error) {
    if (error instanceof MalformedTrace) return error.message;
    throw error;
  }
}

/** The program with a block from step `start` on, as long as can be up to `end`; undefined if no two steps can overlap. */
function withBlock(program: Program, start: number, end: number, { traits, page }: Terms): Program | undefined {
  for (let last = end; last - start >= 2; last--) {
    const made = { ...program, blocks: [{ start, end: last, attributes: new Map() }] };
    if (!findInvalid(made, new Known(traits, program.cpus, program.frames, page))) return made;
  }
  return undefined;
}

/**
 * Lets steps of a right trace overlap. It has no block itself, so its order explains all answers.
 * @param judged is called for each trace with a block that was judged.
 * @returns the first trace that the judge rejects, with its verdict; undefined if it accepts all of them.
 */
export function falseAlarm(trace: Trace, terms: Terms, choose: Choose, judged: () => void): string | undefined {
  const { program, outcomes } = trace;
  for (let n = 0; n < BLOCKS; n++) {
    const start = choose(Math.max(1, outcomes.length - 1));
    const end = Math.min(outcomes.length, start + 2 + choose(BLOCK_STEPS - 1));
    const made = withBlock(program, start, end, terms);
    if (!made) continue;
    const overlapping = { program: made, outcomes, times: drawTimes(made, start, made.blocks[0].end, choose) };
    const said = objection(overlapping, terms);
    if (said !== undefined) return `${printTraceSteps(overlapping)}${said}`;
    judged();
  }
  return undefined;
}
