import { describe, expect, test } from 'vitest';
import { VOCABULARY } from '../reference/contract.ts';
import { Known } from '../reference/model/known.ts';
import { findInvalid, type Program } from '../reference/model/valid.ts';
import { parse } from '../reference/notation/document.ts';
import { printSteps } from '../reference/notation/print.ts';
import { DOCUMENTED } from '../reference/traits.ts';
import { oracleOf } from '../src/bench/shrink/ours.ts';
import { alphabetOf } from '../src/certify/alphabet.ts';
import { Enumeration } from '../src/certify/enumerate.ts';
import { certifyBatched, certifyNow } from '../src/certify/index.ts';
import { compare } from '../src/shrink/index.ts';
import { mutant } from '../src/targets/embedded/index.ts';

const programOf = (steps: string): Program => parse(`mmspec program 1\n${steps}`, VOCABULARY).entries[0].trace.program;

/** A short one, with all sorts of things that could be left out. */
const FIVE = programOf('@0 a0 = vmap f0\n@0 read a0\n@0 vunmap a0\n@0 vm_unmap_aliases\n@1 read a0\n');
const BULK = programOf(
  `${Array.from({ length: 6 }, (_, i) => `@0 a${i} = vm_map_ram f0..f3\n`).join('')}@1 read a5\n@0 vm_unmap_ram a5 4\n@0 vm_unmap_aliases\n@1 read a5\n`,
);

const enumerationOf = (program: Program): Enumeration =>
  new Enumeration(alphabetOf(program), { traits: DOCUMENTED, page: 4096, frames: 64, cpus: 2, failing: 'read' });

describe('enumeration', () => {
  test.each([2, 3, 4, 5])('of %i steps: each valid, each once, ending in the call that fails', (length) => {
    const texts = new Set<string>();
    for (const { program } of enumerationOf(FIVE).ofLength(length)) {
      expect(program.steps.length).toBe(length);
      expect(findInvalid(program, new Known(DOCUMENTED, 2, 64))).toBeUndefined();
      expect(program.steps.at(-1)?.call.name).toBe('read');
      texts.add(printSteps(program));
    }
    const written = [...enumerationOf(FIVE).ofLength(length)].length;
    expect(texts.size).toBe(written);
  });

  test('comes upon the counterexample itself', () => {
    const texts = [...enumerationOf(FIVE).ofLength(5)].map(({ program }) => printSteps(program));
    expect(texts).toContain(printSteps(FIVE));
    const bulk = [...enumerationOf(BULK).ofLength(10)].map(({ program }) => printSteps(program));
    expect(bulk).toContain(printSteps(BULK));
  });

  test('counts like steps in a row as one', () => {
    const alphabet = alphabetOf(BULK);
    expect(alphabet.bulk).toBe(true);
    expect(alphabet.places).toBe(5);
    expect(alphabetOf(FIVE)).toMatchObject({ bulk: false, places: 5 });
  });
});

describe('a certificate', () => {
  const target = mutant('flush-skips-full-blocks')!;
  const { traits, run } = oracleOf(target);
  const failsNow = (program: Program) => run(program)?.key;
  const long = programOf(
    `${Array.from({ length: 4 }, (_, i) => `@0 a${i} = vm_map_ram f0..f3\n`).join('')}@0 read a0\n@0 read a1\n@0 vm_unmap_ram a0 4\n@0 vm_unmap_aliases\n@0 read a0\n`,
  );
  const key = failsNow(long)!;
  const options = { traits, page: 4096, key, call: 'read', programs: 100_000, milliseconds: 60_000 };

  test('finds the shorter program that a counterexample hides', () => {
    const { program, certificate } = certifyNow(long, failsNow, options);
    expect(failsNow(program)).toBe(key);
    expect(compare(program, long)).toBeLessThan(0);
    expect(program.steps.length).toBe(8);
    expect(certificate.certified).toBe(true);
    expect(certificate.text).toMatch(
      /^certified: no shorter program over these calls, like calls in a row counted as one, fails this way \([\d,]+ tried\)$/,
    );
  });

  test('says the same of its own result, in batches too', async () => {
    const { program } = certifyNow(long, failsNow, options);
    expect(printSteps(certifyNow(program, failsNow, options).program)).toBe(printSteps(program));
    const batched = await certifyBatched(long, async (programs) => programs.map(failsNow), options);
    expect(printSteps(batched.program)).toBe(printSteps(program));
  });

  test('says how far it got', () => {
    const { program, certificate } = certifyNow(long, failsNow, { ...options, programs: 300 });
    expect(printSteps(program)).toBe(printSteps(long));
    expect(certificate).toMatchObject({ certified: false, steps: 5 });
    expect(certificate.text).toMatch(/^not certified: no program of up to 5 steps over these calls.* \(300 tried/);
  });

  test('is not given to a program with a parallel block', () => {
    const parallel = programOf('@0 a0 = vmap f0\npar\n@0 vunmap a0\n@1 read a0\nend\n@1 read a0\n');
    expect(certifyNow(parallel, failsNow, options).certificate).toMatchObject({ certified: false, tried: 0 });
  });
});
