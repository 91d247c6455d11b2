import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Call } from '../../reference/calls/call.ts';
import { findInvalid, type Program } from '../../reference/calls/valid.ts';
import { CALLS, VOCABULARY } from '../../reference/contract.ts';
import { Known } from '../../reference/model/known.ts';
import { parse, print } from '../../reference/notation/document.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { PROFILES } from '../../reference/profiles/profiles.ts';
import { TRAITS, withTraits } from '../../reference/profiles/traits.ts';
import {
  generate,
  generator,
  type Options,
  optionsWith,
  ParallelGenerator,
  SequentialGenerator,
} from '../../src/programs/generate/index.ts';
import { drawSchedule } from '../../src/programs/generate/interleave.ts';
import { Random } from '../../src/programs/generate/random.ts';
import { touching } from '../../src/programs/states/vocabulary.ts';

const everything = optionsWith({ calls: CALLS, cpus: 4, steps: 300 });

const known = ({ traits, page }: Options, { cpus, frames }: Program) => new Known(traits, cpus, frames, page);
const invalid = (options: Options, program: Program) => findInvalid(program, known(options, program));
const seeds = fc.integer();
const indices = fc.nat({ max: 2 ** 40 });

describe('generated programs', () => {
  test('depend on the seed and the index only', () => {
    const kept = new SequentialGenerator(everything);
    fc.assert(
      fc.property(seeds, indices, (seed, index) => {
        const text = printSteps(kept.program(seed, index));
        expect(printSteps(generate(everything, seed, index))).toBe(text);
      }),
    );
  });

  test('differ from index to index and from seed to seed', () => {
    const program = (seed: number, index: number) => printSteps(generate(everything, seed, index));
    const texts = new Set<string>();
    for (let i = 0; i < 50; i++)
      texts
        .add(program(1, i))
        .add(program(2 + i, 0))
        .add(program(-1 - i, 0));
    expect(texts.size).toBeGreaterThan(140);
  });

  test('are valid and printable under all traits', () => {
    const choices = fc.tuple(
      ...TRAITS.map(({ name, choices }) =>
        fc.constantFrom(...Object.keys(choices).map((choice) => [name, choice] as const)),
      ),
    );
    const profiles = fc.constantFrom(...PROFILES.map(({ traits }) => traits));
    fc.assert(
      fc.property(profiles, choices, fc.integer({ min: 1, max: 8 }), seeds, (profile, chosen, cpus, seed) => {
        const options = optionsWith({ traits: withTraits(profile, chosen), cpus, calls: CALLS, steps: 200 });
        const program = generate(options, seed);
        expect(invalid(options, program)).toBeUndefined();
        const header = { traits: new Map(), cpus, frames: options.frames, page: options.page, windows: new Map() };
        const document = { kind: 'program' as const, header, entries: [{ id: 1, trace: { program, outcomes: [] } }] };
        expect(parse(print(document), VOCABULARY)).toEqual(document);
      }),
    );
  });

  test.each([
    [4096, undefined, 512],
    [4096, 256, 256],
    [65536, undefined, 8192],
    [65536, 32, 32],
  ])('with pages of %i bytes and huge=%s allocate huge pages of %i pages', (page, huge, expected) => {
    const calls = CALLS.filter(({ name }) => name === 'vmalloc_huge' || name === 'vfree');
    const options = optionsWith({ calls, page, sizes: huge === undefined ? {} : { huge } });
    const sizes = new Set<number>();
    for (let i = 0; i < 30; i++) {
      const program = generate(options, 1, i);
      expect(invalid(options, program)).toBeUndefined();
      for (const { call, args } of program.steps)
        if (call.name === 'vmalloc_huge') sizes.add(Math.ceil((args[0] as number) / page));
    }
    expect([...sizes].filter((size) => size > 16)).toEqual([expected]);
  });

  test('contain every call whose weight is not 0, and no other', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 400; i++) for (const { call } of generate(everything, 1, i).steps) seen.add(call.name);
    expect([...seen].sort()).toEqual(
      CALLS.filter(({ weight }) => weight !== 0)
        .map(({ name }) => name)
        .sort(),
    );
  });

  test('contain only calls that the target can execute', () => {
    fc.assert(
      fc.property(fc.subarray([...VOCABULARY.keys()], { minLength: 1 }), seeds, (names, seed) => {
        const draw = generator({
          traits: everything.traits,
          cpus: 2,
          frames: 8,
          page: 4096,
          calls: new Set(names),
          can: new Set(),
          length: 50,
        });
        for (const { call } of draw(seed, 0).steps) {
          expect(names).toContain(call.name);
          expect(call.ability).toBeUndefined();
        }
      }),
    );
  });

  test('contain steps that warn only if asked for', () => {
    for (const warns of [true, false]) {
      const made = new SequentialGenerator(optionsWith({ calls: CALLS, warns }));
      let warnings = 0;
      for (let i = 0; i < 500; i++)
        for (const step of made.program(1, i).steps) if (step.call.warns?.(step)) warnings++;
      expect(warnings > 0).toBe(warns);
    }
  });

  test('have from one step to more than a thousand', () => {
    const made = new SequentialGenerator(optionsWith({ steps: 4000 }));
    const lengths = Array.from({ length: 300 }, (_, i) => made.program(1, i).steps.length);
    expect(Math.min(...lengths)).toBe(1);
    expect(Math.max(...lengths)).toBeGreaterThan(1000);
  });

  test('have no mapping above the limit of pages', () => {
    const options = optionsWith({ pages: 4 });
    for (let i = 0; i < 300; i++) {
      for (const { call, args } of generate(options, 1, i).steps) {
        if (call.parameters[0]?.type === 'frames') expect((args[0] as number[]).length).toBeLessThanOrEqual(4);
      }
    }
  });
});

describe('for a target that repeats programs and runs schedules', () => {
  const { traits } = everything;
  const calls = new Set(CALLS.map(({ name }) => name as string));
  const wanted = { traits, calls, cpus: 4, frames: 64, page: 4096, parallel: 100 };
  const byChance = generator({ ...wanted, can: new Set(['repeat']) });
  const mixed = generator({ ...wanted, can: new Set(['repeat', 'schedule']) });

  test('some programs sweep a preemption, and the others are the same as without schedules', () => {
    const counts = { swept: 0, same: 0 };
    for (let index = 0; index < 300; index++) {
      const program = mixed(1, index);
      const [attributes] = program.blocks.map((block) => block.attributes);
      if (attributes?.has('schedule')) {
        counts.swept++;
        expect([...attributes.keys()]).toEqual(['repeat', 'schedule', 'step']);
        const turns = attributes.get('schedule')!.split(',');
        expect(turns[Number(attributes.get('step')) - 1]).toMatch(/^\d:1$/);
      } else {
        counts.same++;
        expect(printSteps(program)).toBe(printSteps(byChance(1, index)));
      }
    }
    expect(counts.swept).toBeGreaterThan(100);
    expect(counts.same).toBeGreaterThan(100);
  });

  test('on targets that pick schedules, programs run a few times with one or two preemptions', () => {
    const draw = generator({ ...wanted, can: new Set(['repeat', 'schedule', 'pick']), chance: false });
    const drawn = Array.from({ length: 40 }, (_, index) => draw(1, index).blocks[0]?.attributes);
    const picking = drawn.filter((attributes) => attributes?.has('pick'));
    expect(picking.length).toBeGreaterThan(35);
    for (const attributes of picking) {
      expect([...attributes.keys()]).toEqual(['repeat', 'schedule', 'pick']);
      expect(attributes.get('repeat')).toMatch(/^[24]$/);
    }
    const schedules = picking.map((attributes) => attributes.get('schedule')!);
    expect(new Set(schedules.map((text) => text.length))).toEqual(new Set(['0,1'.length, '0,1,0'.length]));
  });

  test('programs that take many pages run twice only', () => {
    const sizes = { block: 256, lazy: 16384, table: 512 };
    const draw = generator({ ...wanted, sizes, can: new Set(['repeat', 'schedule']) });
    const runs = { large: new Set<string>(), others: new Set<string>() };
    for (let index = 0; index < 300; index++) {
      const { steps, blocks } = draw(1, index);
      const pages = steps.reduce((sum, step) => sum + (step.call.takes?.(step, 4096) ?? 0), 0);
      for (const { attributes } of blocks.slice(0, 1))
        runs[pages >= 4096 ? 'large' : 'others'].add(attributes.get('repeat')!);
    }
    expect([...runs.large]).toEqual(['2']);
    expect([...runs.others].sort()).toEqual(['16', '2', '4', '40', '8']);
  });

  test('calls that fill a VMA often meet calls that unmap', () => {
    const draw = generator({ ...wanted, cpus: 2, can: new Set(['repeat']) });
    let met = 0;
    for (let index = 0; index < 600; index++) {
      const { steps, blocks } = draw(3, index);
      const inside = blocks.flatMap(({ start, end }) => steps.slice(start, end));
      const filling = inside.filter(({ call }) => call.effect === 'fills');
      const unmaps = ({ side, effect }: Call): boolean => side === 'user' && ['empties', 'ends'].includes(effect);
      if (inside.some(({ call, cpu }) => unmaps(call) && filling.some((fill) => fill.cpu !== cpu))) met++;
    }
    expect(met).toBeGreaterThan(130);
  });

  test('without chance, every program with lanes sweeps', () => {
    const swept = generator({ ...wanted, can: new Set(['repeat', 'schedule']), chance: false });
    for (let index = 0; index < 50; index++) {
      const { steps, blocks } = swept(1, index);
      for (const { start, end, attributes } of blocks) {
        const lanes = new Set(steps.slice(start, end).map(({ cpu }) => cpu)).size;
        expect(attributes.has('step')).toBe(lanes > 1);
      }
    }
  });
});

test('drawn schedules mostly preempt a lane, and name the lane that goes on last', () => {
  const random = new Random(1);
  const drawn = Array.from({ length: 1000 }, () => drawSchedule(random, [0, 1, 2]).split(','));
  const preempting = drawn.filter((words) => words.length > 1);
  expect(preempting.length).toBeGreaterThan(800);
  for (const words of preempting) expect(words[words.length - 1]).not.toBe(words[words.length - 2].split(':')[0]);
});

test('any two calls of a side meet in the lanes of some program', { tags: ['long'] }, () => {
  const parallel = new ParallelGenerator(optionsWith({ calls: CALLS, cpus: 3, can: new Set(['repeat']) }));
  const met = new Set<string>();
  for (let i = 0; i < 15_000; i++) {
    const { steps, blocks } = parallel.program(2, i);
    for (const { start, end } of blocks) {
      const inside = steps.slice(start, end);
      for (const a of inside)
        for (const b of inside) if (a.cpu !== b.cpu) met.add([a.call.name, b.call.name].sort().join(' '));
    }
  }
  // Calls that must stand alone are in no block.
  const inBlocks = new Set([...met].flatMap((pair) => pair.split(' ')));
  expect(CALLS.filter(({ name, sequential }) => sequential && inBlocks.has(name))).toEqual([]);
  for (const side of ['kernel', 'user'] as const) {
    const calls = touching(side).filter(({ weight, sequential }) => weight > 0 && !sequential);
    // A call that needs an area of its own besides a VMA of its own meets those that unmap or sweep.
    const onBoth = ({ parameters }: Call): boolean =>
      ['area', 'vma'].every((wanted) => parameters.some(({ type }) => type === wanted));
    const partners = (a: Call): readonly Call[] =>
      calls.filter((b) => (onBoth(a) ? ['ends', 'empties', 'copies'].includes(b.effect) : !onBoth(b)));
    const pairs = calls.flatMap((a) => partners(a).map((b) => [a.name, b.name].sort().join(' ')));
    expect(pairs.filter((pair) => !met.has(pair))).toEqual([]);
  }
});
