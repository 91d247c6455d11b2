import { describe, expect, test } from 'vitest';
import { oracleOf } from '../../bench/oracle.ts';
import { MUTANTS, type Mutant } from '../../fixtures/simulator/mutants/index.ts';
import { findInvalid, type Program } from '../../reference/calls/valid.ts';
import { Tally } from '../../reference/clauses/tally.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { Known } from '../../reference/model/known.ts';
import { parse } from '../../reference/notation/document.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { DOCUMENTED } from '../../reference/profiles/traits.ts';
import { failureOf, judged } from '../../src/findings/execution.ts';
import { alphabetOf } from '../../src/programs/certify/alphabet.ts';
import { Enumeration } from '../../src/programs/certify/enumeration.ts';
import { certifyBatched, certifyNow, minimum } from '../../src/programs/certify/index.ts';
import { compare, type Schedules } from '../../src/programs/shrink/index.ts';
import { schedules } from '../../src/run/explore/schedules.ts';
import { agree } from '../../src/targets/agreement.ts';
import { mutant } from '../../src/targets/embedded/index.ts';
import { longUnless } from '../support/sizes.ts';

const programOf = (steps: string): Program => parse(`mmspec program 1\n${steps}`, VOCABULARY).entries[0].trace.program;

/** A short program in which every step is needed. */
const FIVE = programOf('@0 a0 = vmap f0\n@0 read a0\n@0 vunmap a0\n@0 vm_unmap_aliases\n@1 read a0\n');
const BULK = programOf(
  `${Array.from({ length: 6 }, (_, i) => `@0 a${i} = vm_map_ram f0..f3\n`).join('')}@1 read a5\n@0 vm_unmap_ram a5 4\n@0 vm_unmap_aliases\n@1 read a5\n`,
);

const enumerationOf = (program: Program): Enumeration =>
  new Enumeration(alphabetOf(program), { traits: DOCUMENTED, page: 4096, frames: 64, cpus: 2, failing: 'read' });

describe('enumeration', () => {
  test.each([2, 3, 4, 5])(
    'writes programs of %i steps: each valid, each once, the last step of the failing call',
    (length) => {
      const texts = new Set<string>();
      for (const { program } of enumerationOf(FIVE).ofLength(length)) {
        expect(program.steps.length).toBe(length);
        expect(findInvalid(program, new Known(DOCUMENTED, 2, 64))).toBeUndefined();
        expect(program.steps.at(-1)?.call.name).toBe('read');
        texts.add(printSteps(program));
      }
      const written = [...enumerationOf(FIVE).ofLength(length)].length;
      expect(texts.size).toBe(written);
    },
  );

  test('writes the counterexample itself', { tags: ['long'] }, () => {
    const texts = [...enumerationOf(FIVE).ofLength(5)].map(({ program }) => printSteps(program));
    expect(texts).toContain(printSteps(FIVE));
    const bulk = [...enumerationOf(BULK).ofLength(10)].map(({ program }) => printSteps(program));
    expect(bulk).toContain(printSteps(BULK));
  });

  test('counts a run of equal steps as one', () => {
    const alphabet = alphabetOf(BULK);
    expect(alphabet.runs).toBe(true);
    expect(alphabet.places).toBe(5);
    expect(alphabetOf(FIVE)).toMatchObject({ runs: false, places: 5 });
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

  /** The shortest program of all. Several tests need it, so it is searched for once. */
  let known: ReturnType<typeof certifyNow> | undefined;
  const shortest = (): ReturnType<typeof certifyNow> => {
    known ??= certifyNow(long, failsNow, options);
    return known;
  };

  test('finds a shorter program with the same failure', { tags: ['long'] }, () => {
    const { program, certificate } = shortest();
    expect(failsNow(program)).toBe(key);
    expect(compare(program, long)).toBeLessThan(0);
    expect(program.steps.length).toBe(8);
    expect(certificate.certified).toBe(true);
    expect(certificate.text).toMatch(
      /^certified: no shorter program over these calls, counting runs of equal calls as one call, fails this way \([\d,]+ tried\)$/,
    );
  });

  test('finds nothing shorter than its own result, and the same in batches', { tags: ['long'] }, async () => {
    const { program } = shortest();
    expect(printSteps(certifyNow(program, failsNow, options).program)).toBe(printSteps(program));
    const batched = await certifyBatched(long, async (programs) => programs.map(failsNow), options);
    expect(printSteps(batched.program)).toBe(printSteps(program));
  });

  test('counts the same programs, whatever the budget', { tags: 'long' }, () => {
    const { program } = shortest();
    const [one, other] = [30_000, 90_000].map((programs) => certifyNow(program, failsNow, { ...options, programs }));
    expect(one.certificate).toEqual(other.certificate);
    expect(one.certificate.certified).toBe(true);
    expect(one.certificate.tried).toBeLessThan(30_000);
  });

  test('stops at a signal, and returns what it has', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 0);
    const { program, certificate } = await minimum(long, {
      ...options,
      run: { failsNow },
      milliseconds: Number.POSITIVE_INFINITY,
      certificate: { programs: Number.POSITIVE_INFINITY, milliseconds: Number.POSITIVE_INFINITY },
      signal: abort.signal,
    });
    expect(failsNow(program)).toBe(key);
    expect(certificate.text).toMatch(/it was interrupted|^certified: /);
    const { certificate: before } = certifyNow(program, failsNow, { ...options, signal: abort.signal });
    expect(before).toMatchObject({ certified: false, tried: 0 });
    expect(before.text).toContain('then it was interrupted');
  });

  test('says how far it got if the budget ends', () => {
    const { program, certificate } = certifyNow(long, failsNow, { ...options, programs: 300 });
    expect(printSteps(program)).toBe(printSteps(long));
    expect(certificate).toMatchObject({ certified: false, steps: 5 });
    expect(certificate.text).toMatch(/^not certified: no program of up to 5 steps over these calls.* \(300 tried/);
  });
});

/** How programs fail on a mutant: as they are, and under every schedule. */
function raceOf(name: string) {
  const target = mutant(name)!;
  const { terms, traits } = agree(target.manifest);
  const failsNow = (program: Program) => failureOf(judged(target.executeTrace(program), terms, new Tally()));
  const scheduled: Schedules = function* (program, bound) {
    for (const trace of schedules(target, program, bound))
      yield { program: trace.program, verdict: failureOf(judged(trace, terms, new Tally())) };
  };
  const options = { traits, page: 4096, programs: 200_000, milliseconds: Number.POSITIVE_INFINITY };
  return { failsNow, options, scheduled };
}

const of = ({ shows, ...rest }: Mutant): Program => {
  expect(rest.race).toBe(true);
  return programOf(`cpus 3\n${shows}`);
};
const RACES = MUTANTS.filter(({ race }) => race);
const named = (name: string): Mutant => RACES.find((race) => race.name === name)!;

describe('a certificate of a program with a parallel block', () => {
  for (const [i, race] of RACES.entries()) {
    const title = `looks for less overlap and fewer steps: ${race.name}`;
    const looks = (programs: number): void => {
      const { failsNow, options, scheduled } = raceOf(race.name);
      const program = of(race);
      const key = failsNow(program)!;
      const limits = { ...options, key, call: key.split(' ')[1], programs };
      const found = certifyNow(program, failsNow, { ...limits, schedules: scheduled });
      expect(failsNow(found.program)).toBe(key);
      expect(found.program.blocks.length, 'overlap is needed').toBeGreaterThan(0);
      const { certified, text } = found.certificate;
      expect(text).toMatch(certified ? /^certified: with fewer of its steps it passes/ : /^not certified: /);
    };
    test(title, longUnless(i % 3 === 0), () => looks(500));
    test(`${title}, at full size`, { tags: ['long'] }, () => looks(20_000));
  }

  const race = named('second-flush-returns-early');
  const { failsNow, options, scheduled } = raceOf(race.name);
  const key = failsNow(of(race))!;
  const limits = { ...options, key, call: key.split(' ')[1] };

  test('finds a program without an unnecessary step', { tags: ['long'] }, () => {
    const [first, ...rest] = race.shows.trim().split('\n');
    const longer = programOf(['cpus 3', first, '@0 read a0', '@0 v0 = mmap o0 1 plain shared', ...rest].join('\n'));
    const { program, certificate } = certifyNow(longer, failsNow, { ...limits, schedules: scheduled });
    expect(program.steps.length).toBeLessThanOrEqual(of(race).steps.length);
    expect(program.blocks.length).toBe(1);
    expect(certificate.certified).toBe(true);
    expect(certificate.text).toContain('under every schedule of up to 2 preemptions, and no program of up to');
  });

  test('finds a program without unnecessary overlap', () => {
    const { failsNow: fails, options: plain } = raceOf('zap-returns-zero');
    const program = programOf('@0 v0 = mmap o0 1 plain shared\npar\n@0 zap_vma_ptes v0 v0 0x1000\n@1 read v0\nend');
    const same = { ...plain, key: fails(program)!, call: 'zap_vma_ptes' };
    expect(same.key).toBeDefined();
    const found = certifyNow(program, fails, same);
    expect(found.program.blocks).toEqual([]);
    expect(found.program.steps.length).toBe(2);
    expect(found.certificate.certified).toBe(true);
  });

  test('says whether schedules could be chosen, and how far it got', { tags: ['long'] }, () => {
    const { certificate } = certifyNow(of(race), failsNow, limits);
    expect(certificate).toMatchObject({ certified: false, steps: of(race).steps.length });
    expect(certificate.text).toMatch(
      /^not certified: no program of up to \d steps .* without overlap \([\d,]+ tried; the target/,
    );
    const short = certifyNow(of(race), failsNow, { ...limits, programs: 20, schedules: scheduled }).certificate;
    expect(short).toMatchObject({ certified: false, steps: 0, tried: 20 });
    expect(short.text).toMatch(/^not certified: the budget ended before anything was tried in full \(20 tried/);
  });
});
