import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findInvalid, type Program } from '../../reference/calls/valid.ts';
import { clauseById, VOCABULARY } from '../../reference/contract.ts';
import { judge } from '../../reference/judge/judge.ts';
import { Known } from '../../reference/model/known.ts';
import { parse } from '../../reference/notation/document.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { programs } from '../../src/programs/arbitrary.ts';
import { generate, optionsWith } from '../../src/programs/generate/index.ts';
import { agree } from '../../src/targets/agreement.ts';
import { embedded, mutant } from '../../src/targets/embedded/index.ts';
import { openDirect } from '../../src/targets/open.ts';
import type { Manifest } from '../../src/targets/target.ts';
import { TOYS } from '../support/failing.ts';

const target = embedded('lazy')!;
const { terms, traits } = agree(target.manifest);
const program = (text: string): Program => parse(`mmspec program 1\n${text}`, VOCABULARY).entries[0].trace.program;
const sample = (arbitrary: fc.Arbitrary<Program>, numRuns = 100): Program[] =>
  fc.sample(arbitrary, { seed: 42, numRuns });
const withManifest = (changes: Partial<Manifest>): Manifest => ({ ...target.manifest, ...changes });

describe('programs()', () => {
  test('draws the same programs from the same seed of fast-check', () => {
    const draw = (seed: number) => fc.sample(programs(target), { seed, numRuns: 20 }).map(printSteps);
    expect(draw(42)).toEqual(draw(42));
    expect(draw(42)).not.toEqual(draw(43));
  });

  test('takes a target of this process, an opened target or a manifest', () => {
    const texts = (from: Parameters<typeof programs>[0]) => sample(programs(from), 10).map(printSteps);
    expect(texts(openDirect('embedded', target))).toEqual(texts(target));
    expect(texts(target.manifest)).toEqual(texts(target));
  });

  test('draws programs that are valid and within the limits of the target', () => {
    const small = withManifest({
      cpus: 1,
      frames: 5,
      steps: 30,
      line: 100,
      calls: new Set(['vmap', 'vunmap', 'read']),
    });
    for (const one of sample(programs(small))) {
      const { cpus, frames, steps } = one;
      expect(findInvalid(one, new Known(traits, cpus, frames))).toBeUndefined();
      expect({ cpus, frames }).toEqual({ cpus: 1, frames: 5 });
      expect(steps.length).toBeLessThanOrEqual(30);
      for (const { call } of steps) expect(small.calls).toContain(call.name);
    }
  });

  test('follows its options', () => {
    const options = { cpus: 2, frames: 7, maxSteps: 9, maxPages: 3, parallelPercent: 0 };
    for (const { cpus, frames, steps, blocks } of sample(programs(target, options))) {
      expect({ cpus, frames, blocks }).toEqual({ cpus: 2, frames: 7, blocks: [] });
      expect(steps.length).toBeLessThanOrEqual(9);
      for (const { call, args } of steps)
        if (call.name === 'vmap') expect((args[0] as number[]).length).toBeLessThanOrEqual(3);
    }
    const parallel = sample(programs(target, { parallelPercent: 100 }));
    expect(parallel.every(({ blocks }) => blocks.length > 0)).toBe(true);
    const share = (favour: readonly string[]): number => {
      const made = sample(programs(target, { favour: favour.map((id) => clauseById(id)!) }), 400);
      const steps = made.flatMap((one) => one.steps);
      return steps.filter(({ call }) => call.name === 'zap_vma_ptes').length / steps.length;
    };
    expect(share(['ZAP-1'])).toBeGreaterThan(1.5 * share([]));
  });

  test('draws steps that warn only where they are wanted, by default not for targets that report warnings', () => {
    const warn = (from: Manifest, warnings?: boolean): boolean =>
      sample(programs(from, warnings === undefined ? {} : { warnings }), 300).some(({ steps }) =>
        steps.some((step) => step.call.warns?.(step)),
      );
    const reporting = withManifest({ can: new Set([...target.manifest.can, 'warn']) });
    expect([warn(target.manifest), warn(target.manifest, false)]).toEqual([true, false]);
    expect([warn(reporting), warn(reporting, true)]).toEqual([false, true]);
  });

  test.each([
    [{ profile: 'linux-0.1' }, /linux-0\.1/],
    [{ traits: { colour: 'red' } }, /colour/],
    [{ cpus: 9 }, /cpus is 9, but must be a whole number from 1 to 8/],
    [{ frames: 0 }, /frames is 0, but must be a whole number from 1 to 65536/],
    [{ maxSteps: 1.5 }, /maxSteps is 1\.5, but must be a whole number of at least 1/],
    [{ maxPages: -1 }, /maxPages is -1/],
    [{ parallelPercent: 101 }, /parallelPercent is 101, but must be a whole number from 0 to 100/],
    [{ parallelPercent: 50, cpus: 1 }, /cannot run parallel blocks on 1 CPU;/],
  ])('refuses %o', (options, message) => {
    expect(() => programs(target, options)).toThrow(message);
    expect(() => programs(target, options)).toThrow(expect.objectContaining({ name: 'UsageError' }));
  });

  test('refuses a target without calls, and parallel blocks where the target cannot run them', () => {
    expect(() => programs(withManifest({ calls: new Set(['brk']) }))).toThrow(/has no call of the contract/);
    const sequential = withManifest({ can: new Set() });
    expect(() => programs(sequential, { parallelPercent: 1 })).toThrow(/needs the ability "parallel"/);
    expect(() => programs(sequential)).not.toThrow();
  });
});

describe('shrinking in fc.assert', () => {
  test.each(TOYS)('finds the smallest program, from random programs and from examples: $name', ({ fails, minimum }) => {
    const check = (parameters: fc.Parameters<[Program]>) =>
      fc.check(
        fc.property(programs(target, { cpus: 2 }), (one) => fails(one) === undefined),
        parameters,
      );
    const options = optionsWith({ steps: 120 });
    let index = 0;
    let failing = generate(options, 7, index);
    while (!fails(failing) && index < 2000) failing = generate(options, 7, ++index);
    expect(printSteps(check({ examples: [[failing]], numRuns: 1 }).counterexample![0])).toBe(minimum);
    const random = check({ seed: 9, numRuns: 2000 });
    if (random.failed) expect(printSteps(random.counterexample![0])).toBe(minimum);
  });

  test('finds and prints the shortest program that breaks a mutant', async () => {
    const broken = openDirect('mutant:zap-returns-zero', mutant('zap-returns-zero')!);
    const property = fc.asyncProperty(programs(broken), async (one) => {
      const [answer] = await broken.run([one]);
      return judge(answer, terms) === undefined;
    });
    const failure = await fc.assert(property, { seed: 1, numRuns: 2000 }).catch((error: Error) => error.message);
    expect(failure).toMatch(/\n@0 v0 = mmap o0 1 \w+ shared\n@0 zap_vma_ptes v0 v0\S* 0x1000\n/);
  });

  test('uses only calls that the target has', () => {
    const only = new Set(['vmalloc', 'vfree', 'read']);
    const property = fc.property(programs(withManifest({ calls: only })), ({ steps }) =>
      steps.every(({ call }) => call.name !== 'vmalloc' && only.has(call.name)),
    );
    const { counterexample } = fc.check(property, { seed: 1 });
    expect(printSteps(counterexample![0])).toBe('@0 a0 = vmalloc 0x1000\n');
  });

  test('shrinks any valid program, and rejects every other value', () => {
    const arbitrary = programs(target);
    expect(arbitrary.canShrinkWithoutContext(generate(optionsWith(), 1))).toBe(true);
    expect(arbitrary.canShrinkWithoutContext(program('@0 vm_unmap_aliases\n'))).toBe(true);
    expect(arbitrary.canShrinkWithoutContext(program('@0 vunmap a7\n'))).toBe(false);
    for (const value of [undefined, null, 7, 'read a0', {}, { steps: [] }])
      expect(arbitrary.canShrinkWithoutContext(value)).toBe(false);
  });
});
