import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Step } from '../../../reference/calls/call.ts';
import { findInvalid, type Program } from '../../../reference/calls/valid.ts';
import { judge, MalformedTrace, type Trace } from '../../../reference/judge/judge.ts';
import { Known } from '../../../reference/model/known.ts';
import { printTraceSteps } from '../../../reference/notation/print.ts';
import type { Interval } from '../../../reference/notation/program.ts';
import { ALPHABETS, settingOf } from '../../support/alphabets/all.ts';
import { longUnless } from '../../support/sizes.ts';
import {
  type Alphabet,
  CPUS,
  extend,
  FRAMES,
  type Node,
  outcomesFor,
  root,
  type Setting,
  stepsOf,
  valid,
} from '../../support/tiny.ts';

/**
 * The judge has no rule of its own for which overlapping steps are right, so no other code can be asked. But one thing is
 * certain: if the naive specification allows a trace in which no steps overlap, it is still right if some of its steps take
 * longer, begin earlier and end later, so that they overlap. The order of the trace explains it.
 */

const STEPS = 20;
const NAMES = 4;

/** Draws a number from 0 to `below - 1`. */
type Choose = (below: number) => number;

/** A trace that the naive specification allows. Each step runs on any CPU. */
function drawAllowed(alphabet: Alphabet, setting: Setting, choose: Choose): Node {
  let node = root(setting);
  for (let n = 0; n < STEPS; n++) {
    const steps = [...stepsOf(alphabet, node.areas, node.vmas)];
    const step = { ...steps[choose(steps.length)], cpu: choose(CPUS) };
    const known = valid(node, step);
    if (!known) continue;
    const outcomes = outcomesFor(alphabet, step);
    const first = choose(outcomes.length);
    for (let i = 0; i < outcomes.length; i++) {
      const next = extend(node, known, step, outcomes[(first + i) % outcomes.length], setting);
      if (next.states.length === 0) continue;
      node = next;
      break;
    }
  }
  return node;
}

/** Times for the steps `[start, end)`, in which step i takes effect at moment i. Steps of one CPU do not overlap. */
function drawTimes(steps: readonly Step[], start: number, end: number, choose: Choose): (Interval | undefined)[] {
  const events: { readonly at: number; readonly event: number }[] = [];
  const part = (): number => choose(1000) / 1001;
  for (let index = start; index < end; index++) {
    const { cpu } = steps[index];
    const others = steps.map((step, at) => (step.cpu === cpu ? at : -1)).filter((at) => at >= start && at < end);
    const before = others.findLast((at) => at < index);
    const after = others.find((at) => at > index);
    events.push({ at: index - part() * (before === undefined ? end : (index - before) / 2), event: 2 * index });
    events.push({ at: index + part() * (after === undefined ? end : (after - index) / 2), event: 2 * index + 1 });
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
function objection(trace: Trace, { terms }: Setting): string | undefined {
  try {
    const violation = judge(trace, terms);
    return violation && `${violation.clause.id} at step ${violation.step + 1}: allowed ${violation.allowed}`;
  } catch (error) {
    if (error instanceof MalformedTrace) return error.message;
    throw error;
  }
}

/** Lets steps of allowed traces overlap. Returns a trace to which the judge objects; counts those that it judged. */
function falseAlarm(alphabet: Alphabet, setting: Setting, choose: Choose, judged: () => void): string | undefined {
  const { steps, outcomes } = drawAllowed(alphabet, setting, choose);
  const { traits, page } = setting.terms;
  for (let n = 0; n < 6; n++) {
    const start = choose(Math.max(1, steps.length - 1));
    const end = Math.min(steps.length, start + 2 + choose(6));
    const block = { start, end, attributes: new Map() };
    const program: Program = { cpus: CPUS, frames: FRAMES, steps, blocks: [block] };
    if (end - start < 2 || findInvalid(program, new Known(traits, CPUS, FRAMES, page))) continue;
    const trace = { program, outcomes, times: drawTimes(steps, start, end, choose) };
    const said = objection(trace, setting);
    if (said !== undefined) return `${printTraceSteps(trace)}${said}`;
    judged();
  }
  return undefined;
}

describe('a trace that some order of its steps explains', () => {
  const holds = (title: string, alphabet: Alphabet, profile: string, numRuns: number, quick: boolean): void => {
    test(`holds: ${title}, ${profile}, ${numRuns} programs`, longUnless(quick), () => {
      const [named, setting] = [{ ...alphabet, names: NAMES }, settingOf(profile)];
      let judged = 0;
      fc.assert(
        fc.property(fc.array(fc.nat({ max: 0xffff }), { minLength: 80, maxLength: 80 }), (choices) => {
          let at = 0;
          const choose: Choose = (below) => choices[at++ % choices.length] % below;
          expect(falseAlarm(named, setting, choose, () => judged++)).toBeUndefined();
        }),
        { numRuns },
      );
      if (!quick) expect(judged).toBeGreaterThan(0);
    });
  };
  for (const [title, alphabet, profiles] of ALPHABETS) {
    for (const [at, profile] of profiles.entries()) {
      if (at === 0) holds(title, alphabet, profile, 20, true);
      holds(title, alphabet, profile, 200, false);
    }
  }
});
