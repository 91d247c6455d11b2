import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findInvalid, type Program } from '../../reference/calls/valid.ts';
import { CALLS, VOCABULARY } from '../../reference/contract.ts';
import { Known } from '../../reference/model/known.ts';
import { parse } from '../../reference/notation/document.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { NO_BLOCKS } from '../../reference/notation/program.ts';
import { generate, optionsWith } from '../../src/programs/generate/index.ts';
import { candidates } from '../../src/programs/shrink/candidates.ts';
import { compare, shrink, shrinkNow } from '../../src/programs/shrink/index.ts';
import { TOYS } from '../support/failing.ts';
import { testInTwoSizes } from '../support/sizes.ts';

const options = optionsWith({ calls: CALLS, steps: 120 });
const { traits } = options;
const context = { traits, page: 4096, calls: CALLS };

const program = (text: string): Program => parse(`mmspec program 1\n${text}`, VOCABULARY).entries[0].trace.program;
const invalid = (one: Program) => findInvalid(one, new Known(traits, one.cpus, one.frames));

/** The first failing program of a seed. */
function failing(fails: (program: Program) => string | undefined, seed: number): Program {
  for (let i = 0; i < 5000; i++) {
    const made = generate(options, seed, i);
    if (fails(made) !== undefined) return made;
  }
  throw new Error(`no program of seed ${seed} fails`);
}

describe('the order of programs', () => {
  const any = fc.tuple(fc.integer(), fc.nat()).map(([seed, index]) => generate(optionsWith({ steps: 8 }), seed, index));

  test('is total', () => {
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a))).toBe(0);
        expect(compare(a, b) === 0).toBe(printSteps(a) === printSteps(b));
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test.each([
    ['fewer steps', '@0 a0 = vmap f0..f9\n', '@0 a0 = vmap f0\n@0 vunmap a0\n'],
    ['fewer pages', '@1 a0 = vm_map_ram f3\n', '@0 a0 = vmap f0 f1\n'],
    ['plainer calls', '@0 read null\n', '@0 write null 1\n'],
    ['nothing optional', '@0 a0 = vmap f7\n', '@0 a0 = vmap f0 flags=put_pages\n'],
    ['frames in a row', '@0 a0 = vmap f7 f8\n', '@0 a0 = vmap f0 f0\n'],
    ['first frames', '@1 a0 = vmap f0\n', '@0 a0 = vmap f1\n'],
    ['CPU 0', '@0 read hole\n', '@1 read hole\n'],
    ['small areas first', '@0 a0 = vmap f0\n@0 a1 = vmap f0 f1\n', '@0 a0 = vmap f0 f1\n@0 a1 = vmap f0\n'],
  ])('puts %s first', (_, small, big) => {
    expect(compare(program(small), program(big))).toBeLessThan(0);
    expect(compare(program(big), program(small))).toBeGreaterThan(0);
  });
});

describe('candidates', () => {
  testInTwoSizes('are valid, smaller and printable', { small: 5, full: 40 }, (numRuns) => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), (seed, index) => {
        const start = generate(options, seed, index);
        let seen = 0;
        for (const candidate of candidates(start, context)) {
          expect(invalid(candidate.program)).toBeUndefined();
          expect(compare(candidate.program, start)).toBeLessThan(0);
          expect(program(printSteps(candidate.program)).steps).toEqual(candidate.program.steps);
          if (++seen === 200) break;
        }
      }),
      { numRuns },
    );
  });

  test('are the same every time', () => {
    const start = generate(options, 5, 5);
    const texts = () => [...candidates(start, context)].map((candidate) => printSteps(candidate.program));
    expect(texts()).toEqual(texts());
  });

  test('continue at the adopted edit, and then cover all passes', () => {
    const start = generate(options, 3, 11);
    for (const { program: smaller, place } of candidates(start, context)) {
      const rest = new Set([...candidates(smaller, context, place)].map((one) => printSteps(one.program)));
      for (const one of candidates(smaller, context)) expect(rest).toContain(printSteps(one.program));
      break;
    }
  });

  test('do not exist for a program that cannot be smaller', () => {
    expect([...candidates(program('@0 vm_unmap_aliases\n'), context)]).toEqual([]);
    expect([...candidates({ cpus: 2, frames: 64, steps: [], blocks: NO_BLOCKS }, context)]).toEqual([]);
  });
});

describe('shrinking', () => {
  /** How many programs are shrunk, each drawn from a seed of its own. */
  const SEEDS = { small: 2, full: 25 };

  for (const { name, fails, minimum } of TOYS)
    testInTwoSizes(`finds the smallest program for '${name}'`, SEEDS, (seeds) => {
      for (let seed = 1; seed <= seeds; seed++) {
        const start = failing(fails, seed);
        const key = fails(start)!;
        const { program: found, complete } = shrinkNow(start, fails, { traits, key });
        expect({ seed, text: printSteps(found) }).toEqual({ seed, text: minimum });
        expect(complete).toBe(true);
      }
    });

  for (const { name, fails, minimum } of TOYS)
    testInTwoSizes(`finds the same program in batches: '${name}'`, SEEDS, async (seeds) => {
      for (let seed = 1; seed <= seeds; seed++) {
        const start = failing(fails, seed);
        const key = fails(start)!;
        const found = await shrink(start, { traits, key, fails: async (batch) => batch.map(fails) });
        expect({ seed, text: printSteps(found.program) }).toEqual({ seed, text: minimum });
      }
    });

  test('runs few candidates at a time after one that failed, and twice as many each time while none does', async () => {
    const { fails } = TOYS[0];
    const start = failing(fails, 1);
    const key = fails(start)!;
    const batches: { readonly size: number; readonly failed: boolean }[] = [];
    await shrink(start, {
      traits,
      key,
      fails: async (batch) => {
        const verdicts = batch.map(fails);
        batches.push({ size: batch.length, failed: verdicts.includes(key) });
        return verdicts;
      },
    });
    for (const [i, { size }] of batches.entries())
      expect(size).toBeLessThanOrEqual(i === 0 || batches[i - 1].failed ? 4 : Math.min(64, 2 * batches[i - 1].size));
    expect(Math.max(...batches.map(({ size }) => size))).toBeGreaterThan(4);
  });

  test('keeps the given failure, and reports others', () => {
    const fails = ({ steps }: Program): string | undefined => {
      if (steps.some(({ call }) => call.name === 'vzalloc')) return 'zeroed';
      return steps.some(({ call }) => call.name === 'vmalloc') ? 'plain' : undefined;
    };
    const start = program('@0 a0 = vmalloc 0x1000\n@1 a1 = vzalloc 0x3000\n@0 vfree a0\n');
    const others: string[] = [];
    const found = shrinkNow(start, fails, { traits, key: 'zeroed', onOther: (_, key) => others.push(key) });
    expect(printSteps(found.program)).toBe('@0 a0 = vzalloc 0x1000\n');
    expect(others).toEqual(['plain']);
  });

  test('stops at the limit of executions, at the time limit and at a signal', () => {
    const { fails } = TOYS[0];
    const start = failing(fails, 1);
    const options = { traits, key: fails(start)! };
    expect(shrinkNow(start, fails, { ...options, executions: 3 })).toMatchObject({ executions: 3, complete: false });
    expect(shrinkNow(start, fails, { ...options, milliseconds: 0 })).toMatchObject({ executions: 0, program: start });
    const signal = AbortSignal.abort();
    expect(shrinkNow(start, fails, { ...options, signal })).toMatchObject({ executions: 0, complete: false });
  });

  test('runs no program twice', () => {
    const { fails } = TOYS[1];
    const start = failing(fails, 2);
    const ran: string[] = [];
    const counted = (one: Program) => {
      ran.push(printSteps(one));
      return fails(one);
    };
    const { executions } = shrinkNow(start, counted, { traits, key: fails(start)! });
    expect(new Set(ran).size).toBe(ran.length);
    expect(executions).toBe(ran.length);
  });

  test('finds the smallest program for an intermittent failure', () => {
    const { fails, minimum } = TOYS[0];
    const start = failing(fails, 4);
    let turn = 0;
    const flaky = (one: Program) => (turn++ % 3 === 0 ? undefined : fails(one));
    const found = shrinkNow(start, flaky, { traits, key: fails(start)!, repeat: { needed: 2, of: 4 } });
    expect(printSteps(found.program)).toBe(minimum);
  });
});
