import { describe, expect, test } from 'vitest';
import { Tally } from '../../../reference/clauses/tally.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import { judge, type Trace } from '../../../reference/judge/judge.ts';
import { parse } from '../../../reference/notation/document.ts';
import { CALL_NAMES } from '../../../reference/notation/names.ts';
import { generator } from '../../../src/programs/generate/index.ts';
import { agree } from '../../../src/targets/agreement.ts';
import {
  type EmbeddedTarget,
  embedded,
  IMPLEMENTATIONS,
  mutant,
  mutantNames,
  UNUSUAL_IMPLEMENTATIONS,
} from '../../../src/targets/embedded/index.ts';
import { testInTwoSizes } from '../../support/sizes.ts';
import { OPEN } from '../../support/traces.ts';

/** Traces of a target, `half` of each kind: some with parallel blocks, of several sizes and numbers of frames. */
function tracesOf(target: EmbeddedTarget, half: number): Trace[] {
  const { traits } = agree(target.manifest);
  const traces: Trace[] = [];
  for (const [frames, cpus] of [
    [16, 2],
    [64, 3],
  ]) {
    const draw = generator({ ...target.manifest, traits, cpus, frames, parallel: 30, warnings: true });
    for (let index = 0; index < half; index++) traces.push(target.executeTrace(draw(7, index)));
  }
  return traces;
}

// The judge keeps the memory of its model for the next trace. What was in it must not matter.
const sizes = { small: { half: 6, every: 12 }, full: { half: 20, every: 1 } };
testInTwoSizes('a trace is judged the same, whatever was judged before', sizes, ({ half, every }) => {
  const all = [
    ...mutantNames().map((name) => mutant(name)!),
    ...[...IMPLEMENTATIONS, ...UNUSUAL_IMPLEMENTATIONS].map((name) => embedded(name)!),
  ];
  const targets = all.filter((_, i) => i % every === 0);
  const cases = targets.flatMap((target) => {
    const { terms } = agree(target.manifest);
    return tracesOf(target, half).map((trace) => ({ trace, terms }));
  });
  const verdict = ({ trace, terms }: (typeof cases)[number]): string => {
    const tally = new Tally();
    const violation = judge(trace, terms, tally);
    return JSON.stringify([
      violation,
      tally,
      [...tally.upheld],
      [...tally.unarmed],
      CALL_NAMES.map((name) => tally.effects(name)),
    ]);
  };
  // Terms with traits of their own get a model of their own.
  const fresh = cases.map(({ trace, terms }) => verdict({ trace, terms: { ...terms, traits: { ...terms.traits } } }));
  expect(fresh.some((text) => !text.startsWith('[null'))).toBe(true);
  expect(cases.map(verdict)).toEqual(fresh);
  expect(cases.toReversed().map(verdict).toReversed()).toEqual(fresh);
});

/** A trace that leaves something in the model, and a trace that would be judged wrong with it. */
const LEFT: Readonly<Record<string, readonly [text: string, next: string]>> = {
  'that the counts of a frame are not known': [
    `@0 v0 = mmap o0 2 mixedmap shared => 0x200000000
     par
     @0 vm_insert_page v0 v0 f1 => 0 [1 3]
     @1 vm_insert_page v0 v0 f1 => -EBUSY [2 4]
     end`,
    '@0 page_count f1 => 5',
  ],
  'that the search for an order was given up': [OPEN, '@0 page_count f1 => 5'],
};

describe('the model of the next trace does not have', () => {
  test.each(Object.entries(LEFT))('%s', (_, [text, next]) => {
    const traceOf = (steps: string) =>
      parse(steps.startsWith('mmspec') ? steps : `mmspec trace 1\n${steps}\n`, VOCABULARY).entries[0].trace;
    const { terms } = agree(
      parse('mmspec trace 1\nprofile documented\n@0 vm_unmap_aliases => ok\n', VOCABULARY).header,
    );
    const alone = judge(traceOf(next), { ...terms, traits: { ...terms.traits } });
    expect(alone).toBeDefined();
    expect(judge(traceOf(text), terms)).toBeUndefined();
    expect(judge(traceOf(next), terms)).toEqual(alone);
  });

  test('the windows of other terms', () => {
    const trace = parse('mmspec trace 1\n@0 a0 = vmap f0 => 0x1000000\n', VOCABULARY).entries[0].trace;
    const { terms } = agree(embedded('lazy')!.manifest);
    expect(judge(trace, { ...terms, windows: new Map() })).toBeUndefined();
    expect(judge(trace, terms)?.clause.id).toBe('VA-1');
  });
});
