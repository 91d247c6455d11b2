import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Trace } from '../../../reference/judge/judge.ts';
import { NO_BLOCKS } from '../../../reference/notation/program.ts';
import { generator } from '../../../src/programs/generate/index.ts';
import { agree } from '../../../src/targets/agreement.ts';
import { embedded, IMPLEMENTATIONS, UNUSUAL_IMPLEMENTATIONS } from '../../../src/targets/embedded/index.ts';
import { ALPHABETS, settingOf } from '../../support/alphabets/all.ts';
import { draws } from '../../support/draws.ts';
import { type Choose, falseAlarm } from '../../support/overlap.ts';
import { longUnless, testInTwoSizes } from '../../support/sizes.ts';
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
 * The naive specification does not know steps that overlap. But a right trace without overlaps stays right if some of its
 * steps begin earlier and end later, so that they overlap: the order of the trace explains it.
 */

const STEPS = 20;
const NAMES = 4;

/**
 * A trace that the naive specification allows. Each step runs on any CPU, but in half of the traces most run on one CPU:
 * then a step of the other one can overlap many.
 */
function drawAllowed(alphabet: Alphabet, setting: Setting, choose: Choose): Node {
  let node = root(setting);
  const oneIn = choose(2) === 0 ? CPUS : 5;
  for (let n = 0; n < STEPS; n++) {
    const steps = [...stepsOf(alphabet, node.areas, node.vmas)];
    const step = { ...steps[choose(steps.length)], cpu: choose(oneIn) === 0 ? 1 : 0 };
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

const choices = fc.array(fc.nat({ max: 0xffff }), { minLength: 80, maxLength: 80 });

/** Choices one after the other, again from the first after the last. */
function chooseFrom(list: readonly number[]): Choose {
  let at = 0;
  return (below) => list[at++ % list.length] % below;
}

describe('what the naive specification allows holds if steps overlap', () => {
  const holds = (title: string, alphabet: Alphabet, profile: string, numRuns: number, quick: boolean): void => {
    test(`${title}, ${profile}, ${numRuns} programs`, longUnless(quick), () => {
      const [named, setting] = [{ ...alphabet, names: NAMES }, settingOf(profile)];
      let judged = 0;
      fc.assert(
        fc.property(choices, (list) => {
          const choose = chooseFrom(list);
          const { steps, outcomes } = drawAllowed(named, setting, choose);
          const trace = { program: { cpus: CPUS, frames: FRAMES, steps, blocks: NO_BLOCKS }, outcomes };
          expect(falseAlarm(trace, setting.terms, choose, () => judged++)).toBeUndefined();
        }),
        draws(numRuns),
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

describe('what a conforming implementation answers holds if steps overlap', () => {
  for (const name of [...IMPLEMENTATIONS, ...UNUSUAL_IMPLEMENTATIONS]) {
    testInTwoSizes(name, { small: 20, full: 400 }, (numRuns) => {
      const target = embedded(name)!;
      const { terms } = agree(target.manifest);
      const { page, calls, can } = target.manifest;
      const wishes = { traits: terms.traits, cpus: 3, frames: 8, page, calls, can, pages: 4, parallel: 0 };
      const generators = [10, 40].map((length) => generator({ ...wishes, length, warnings: false }));
      let judged = 0;
      fc.assert(
        fc.property(fc.nat(), choices, (seed, list) => {
          const choose = chooseFrom(list);
          const trace = target.executeTrace(generators[choose(generators.length)](seed, 0)) as Trace;
          expect(falseAlarm(trace, terms, choose, () => judged++)).toBeUndefined();
        }),
        draws(numRuns),
      );
      expect(judged).toBeGreaterThan(numRuns);
    });
  }
});
