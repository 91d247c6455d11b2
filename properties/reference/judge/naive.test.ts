import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CALLS } from '../../../reference/calls/index.ts';
import { whyInvalid } from '../../../reference/calls/valid.ts';
import { Tally } from '../../../reference/clauses/tally.ts';
import { PARAMETERS } from '../../../reference/naive/arguments.ts';
import { stepAll } from '../../../reference/naive/explain.ts';
import { key, type State } from '../../../reference/naive/state.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';
import {
  ALPHABETS,
  CUT_PROFILES,
  KERNEL_TRAITS,
  settingOf,
  USER_PROFILES,
  USER_TRAITS,
} from '../../support/alphabets/all.ts';
import { CHILDREN, FAILED_FORKS } from '../../support/alphabets/children.ts';
import { KERNEL } from '../../support/alphabets/kernel.ts';
import { COUNTED, PFNMAP } from '../../support/alphabets/pages.ts';
import { BORDERS, COUNTED_BORDERS, CUT, MOVE } from '../../support/alphabets/vmas.ts';
import { draws } from '../../support/draws.ts';
import { longUnless } from '../../support/sizes.ts';
import {
  type Alphabet,
  compare,
  disagreement,
  extend,
  type Node,
  outcomesFor,
  root,
  type Setting,
  stepsOf,
  textOf,
  undefinedIn,
  valid,
} from '../../support/tiny.ts';

/** The judge and the naive specification agree on every tiny program with every combination of answers. */

test('the naive specification states the same parameters as the calls', () => {
  for (const { name, parameters } of CALLS) {
    const stated = parameters.map(({ type, optional, choices }) =>
      type === 'choice' ? choices : optional ? `${type}?` : type,
    );
    expect(PARAMETERS[name], name).toEqual(stated);
  }
});

/** Walks through steps of the alphabet, mostly with allowed answers, and compares the two at each step. */
function walk(alphabet: Alphabet, setting: Setting, choices: readonly number[]): string | undefined {
  const tally = new Tally();
  let node = root(setting);
  let at = 0;
  const choose = (below: number): number => choices[at++ % choices.length] % below;
  for (let n = 0; n < 24; n++) {
    const steps = [...stepsOf(alphabet, node.areas, node.vmas)];
    const step = steps[choose(steps.length)];
    const known = valid(node, step);
    if (!known) continue;
    const outcomes = outcomesFor(alphabet, step);
    const first = choose(outcomes.length);
    let next: Node | undefined;
    // Seven times out of eight take an allowed answer, if there is one.
    for (let i = 0; i < outcomes.length; i++) {
      next = extend(node, known, step, outcomes[(first + i) % outcomes.length], setting);
      if (next.states.length > 0 || choose(8) === 0) break;
    }
    const text = disagreement(next!, setting, tally);
    if (text !== undefined || next!.states.length === 0) return text;
    node = next!;
  }
  return undefined;
}

/** The number of names in longer programs. */
const NAMES = 4;

describe('all traces of tiny programs, and samples of longer ones', () => {
  /** `npm test` compares programs that are one step shorter, and few longer ones, under the first profile. */
  const all = (title: string, alphabet: Alphabet, profiles: readonly string[], depth: number): void => {
    const agree = (profile: string, depth: number, least: number, quick: boolean): void => {
      test(`${title}, ${profile}, up to ${depth} steps`, longUnless(quick), () => {
        const found: string[] = [];
        const compared = compare(alphabet, settingOf(profile), depth, (text) => found.push(text));
        expect(found.sort((a, b) => a.length - b.length)[0]).toBeUndefined();
        expect(compared).toBeGreaterThan(least);
      });
    };
    const sample = (profile: string, numRuns: number, quick: boolean): void => {
      test(`${title}, ${profile}, ${numRuns} longer programs`, longUnless(quick), () => {
        const [named, under] = [{ ...alphabet, names: NAMES }, settingOf(profile)];
        fc.assert(
          fc.property(fc.array(fc.nat({ max: 0xffff }), { minLength: 60, maxLength: 60 }), (choices) => {
            expect(walk(named, under, choices)).toBeUndefined();
          }),
          draws(numRuns),
        );
      });
    };
    for (const [at, profile] of profiles.entries()) {
      agree(profile, depth - 1, 100, at === 0);
      agree(profile, depth, 1000, false);
      if (at === 0) sample(profile, 10, true);
      sample(profile, 150, false);
    }
  };
  for (const entry of ALPHABETS) all(...entry);
});

describe('what is known before a run', () => {
  /** Visits every valid program, with all states that it may end in. */
  function visit(alphabet: Alphabet, setting: Setting, depth: number, found: (text: string) => void): number {
    let programs = 0;
    const from = (node: Node): void => {
      for (const step of stepsOf(alphabet, node.areas, node.vmas)) {
        if (whyInvalid(node.known, step) !== undefined) continue;
        programs++;
        const why = undefinedIn(setting.world, node.states, step);
        if (why !== undefined) {
          found(`${textOf({ steps: [...node.steps, step], outcomes: [] })}${why}`);
          continue;
        }
        if (node.steps.length + 1 >= depth) continue;
        const states = new Map<string, State>();
        let outcome: Outcome | undefined;
        for (outcome of outcomesFor(alphabet, step)) {
          if (outcome.kind === 'unsupported') continue;
          for (const state of stepAll(setting.world, node.states, step, outcome)) states.set(key(state), state);
        }
        from({ ...extend(node, valid(node, step)!, step, outcome!, setting), states: [...states.values()] });
      }
    };
    from(root(setting));
    return programs;
  }

  const cases: readonly (readonly [string, Alphabet, readonly string[], number])[] = [
    ['every kernel call', KERNEL, ['documented', 'linux-6.1', 'xen', ...KERNEL_TRAITS], 3],
    ['frames by number', PFNMAP, [...USER_PROFILES, ...USER_TRAITS], 4],
    ['counted pages', COUNTED, [...USER_PROFILES, ...USER_TRAITS], 3],
    ['VMAs that lose pages', CUT, CUT_PROFILES, 4],
    ['VMAs that move', MOVE, CUT_PROFILES, 4],
    ['children', CHILDREN, ['documented', 'linux-7.1'], 4],
    ['forks that fail', FAILED_FORKS, ['documented wide'], 4],
    ['borders', BORDERS, ['documented', 'linux-7.1'], 5],
    ['borders of counted pages', COUNTED_BORDERS, ['documented', 'linux-7.1'], 5],
  ];
  for (const [title, alphabet, profiles, depth] of cases) {
    for (const [at, profile] of profiles.entries()) {
      // `npm test` looks at the first profile only, and at programs of three steps.
      test(
        `no valid program is undefined in any state: ${title}, ${profile}, ${depth} steps`,
        longUnless(at === 0 && depth === 3),
        () => {
          const found: string[] = [];
          expect(visit(alphabet, settingOf(profile), depth, (text) => found.push(text))).toBeGreaterThan(500);
          expect(found.sort((a, b) => a.length - b.length)[0]).toBeUndefined();
        },
      );
    }
  }
});
