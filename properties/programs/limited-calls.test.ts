import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Call } from '../../reference/calls/call.ts';
import { VOCABULARY } from '../../reference/calls/index.ts';
import { findInvalid, type Program } from '../../reference/calls/valid.ts';
import { CALLS } from '../../reference/contract.ts';
import { Known } from '../../reference/model/known.ts';
import {
  type Options,
  optionsWith,
  ParallelGenerator,
  SequentialGenerator,
} from '../../src/programs/generate/index.ts';
import { StateTally } from '../../src/programs/states/count.ts';
import { SIZES } from '../../src/programs/states/sizes.ts';
import { PHASES } from '../../src/programs/states/vocabulary.ts';
import { limitsOf, parseSupport, type Support, supports } from '../../src/targets/support.ts';
import { longUnless, testInTwoSizes } from '../support/sizes.ts';

const everything = optionsWith({ calls: CALLS, cpus: 3, sizes: SIZES });

const SIZE_LIMITS = ['pages=2..', 'pages=..1', 'pages=3', 'pages=2..5', 'pages=40..'];

/** All limits that the handshake can give a call, one by one. */
const wordsOf = (call: Call): string[] =>
  limitsOf(call).flatMap((word) => (word === 'pages=MIN..MAX' ? SIZE_LIMITS : [word]));

const LIMITED = CALLS.filter((call) => wordsOf(call).length > 0);
const KINDS = ['plain', 'pfnmap', 'mixedmap'].flatMap((kind) => [`${kind},shared`, `${kind},private`]);

/** The options for a target with limits: the words of each call, separated by commas. */
const limitedTo = (limits: readonly (readonly [name: string, words: string])[]): Options => {
  const support = limits.map(([name, words]): [string, Support] => [
    name,
    parseSupport(VOCABULARY.get(name)!, words.split(',')),
  ]);
  return { ...everything, support: new Map(support) };
};

/** Checks that programs are valid and use no form of a call that the target left out. */
function check(options: Options, seed: number, count: number): void {
  const [sequential, parallel] = [new SequentialGenerator(options), new ParallelGenerator(options)];
  // Every program of these parallel ones is another one, not only another schedule.
  const programs = (i: number): Program[] => [sequential.program(seed, i), parallel.program(seed, 4 * i)];
  for (let i = 0; i < count; i++) {
    for (const program of programs(i)) {
      const known = new Known(options.traits, program.cpus, program.frames, options.page);
      expect(findInvalid(program, known)).toBeUndefined();
      for (const step of program.steps) {
        const support = options.support.get(step.call.name);
        if (support) expect(supports(support, step, options.page), `${step.call.name} ${support.words}`).toBe(true);
      }
    }
  }
}

const LIMITS = [
  ...LIMITED.flatMap((call) => wordsOf(call).map((word) => [call.name, word] as const)),
  ...KINDS.map((words) => ['mmap', words] as const),
];

// There are many, so `npm test` takes one in twelve.
for (const [i, [name, words]] of LIMITS.entries())
  test(`programs respect ${name}(${words})`, longUnless(i % 12 === 0), () => check(limitedTo([[name, words]]), 1, 64));

testInTwoSizes('programs respect limits of several calls', { small: 10, full: 40 }, (numRuns) => {
  const limit = fc
    .constantFrom(...LIMITED)
    .chain((call) => fc.tuple(fc.constant(call.name), fc.subarray(wordsOf(call), { minLength: 1 })));
  const limits = fc.uniqueArray(limit, { selector: ([name]) => name, minLength: 1 });
  fc.assert(
    fc.property(limits, fc.integer(), (chosen, seed) =>
      check(limitedTo(chosen.map(([name, words]) => [name, words.join()])), seed, 16),
    ),
    { numRuns },
  );
});

/** Phases that the programs of targets with limits do not reach: many mappings of a frame need lists that repeat it. */
const UNREACHED: readonly (readonly [limits: readonly (readonly [string, string])[], phases: readonly string[]])[] = [
  [[['vmap', 'contiguous,pages=2..,no-put_pages']], []],
  [
    [
      ['vm_map_ram', 'contiguous,pages=2..8'],
      ['vmalloc', 'pages=2..'],
    ],
    [],
  ],
  [
    [
      ['vm_insert_pages', 'contiguous,pages=2..'],
      ['zap_vma_ptes', 'pages=2..'],
    ],
    ['frame-many'],
  ],
  [[['mmap', 'plain,shared,no-remap']], []],
  [[['mmap', 'no-after']], ['tables-neighbours-unmapped', 'tables-neighbours-continue']],
];

// Otherwise the smallest limit would cost a target all deep programs.
test.each(UNREACHED)('programs for %j reach every phase but %j', (limits, phases) => {
  const programs = new ParallelGenerator(limitedTo(limits));
  const tally = new StateTally(everything.page, SIZES);
  for (let i = 0; i < 8000; i += 4) tally.see(programs.program(1, i));
  const reached = new Set(tally.counts().flatMap(({ state, programs }) => (programs > 0 ? [state.id] : [])));
  const left = PHASES.map(({ structure, phase }) => `${structure}-${phase}`).filter((id) => !reached.has(id));
  expect(left.filter((id) => id !== 'arena-full')).toEqual(phases);
});
