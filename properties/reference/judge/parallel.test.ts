import { describe, expect, test } from 'vitest';
import { MUTANTS, type Mutant } from '../../../fixtures/simulator/mutants/index.ts';
import { findInvalid, type Program } from '../../../reference/calls/valid.ts';
import { Tally } from '../../../reference/clauses/tally.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import { judge, type Trace } from '../../../reference/judge/judge.ts';
import { Known } from '../../../reference/model/known.ts';
import { parse } from '../../../reference/notation/document.ts';
import { printSteps, printTraceSteps } from '../../../reference/notation/print.ts';
import { profileNamed } from '../../../reference/profiles/profiles.ts';
import { optionsFor, ParallelGenerator } from '../../../src/programs/generate/index.ts';
import { agree } from '../../../src/targets/agreement.ts';
import { embedded, IMPLEMENTATIONS, mutant } from '../../../src/targets/embedded/index.ts';
import { testInTwoSizes } from '../../support/sizes.ts';

const RACES: readonly Mutant[] = MUTANTS.filter(({ race }) => race);
const PROGRAMS = 3000;

const programOf = (text: string): Program =>
  parse(`mmspec program 1\ncpus 3\nframes 64\n${text}\n`, VOCABULARY).entries[0].trace.program;

describe.each(IMPLEMENTATIONS)('parallel programs for %s', (name) => {
  const target = embedded(name)!;
  const { terms } = agree(target.manifest);
  const made = new ParallelGenerator(optionsFor(target.manifest, terms.traits, { cpus: 3 }));

  testInTwoSizes('are valid, and read back as they were written', { small: 100, full: 400 }, (programs) => {
    for (let index = 0; index < programs; index++) {
      const program = made.program(5, index);
      expect(findInvalid(program, new Known(terms.traits, program.cpus, program.frames))).toBeUndefined();
      expect(programOf(printSteps(program))).toEqual(program);
      expect(made.program(5, index)).toEqual(program);
    }
  });

  testInTwoSizes('run the same way twice', { small: 100, full: 400 }, (programs) => {
    for (let index = 0; index < programs; index++) {
      const program = made.program(6, index);
      const again = programOf(printSteps(program));
      expect(printTraceSteps(target.executeTrace(again))).toBe(printTraceSteps(target.executeTrace(program)));
    }
  });

  testInTwoSizes('hold, and the verdict is not left open', { small: PROGRAMS / 10, full: PROGRAMS }, (programs) => {
    const tally = new Tally();
    for (let index = 0; index < programs; index++) {
      const program = made.program(7, index);
      const violation = judge(target.executeTrace(program), terms, tally);
      expect(violation && `${violation.clause.id}\n${printSteps(program)}`).toBeUndefined();
    }
    expect(tally.unknown).toBeLessThan(programs / 1000);
  });
});

test('a vmap that fails at a NULL pointer must stand outside of blocks: it maps the pages before it for a moment', () => {
  const { terms } = agree(embedded('lazy')!.manifest);
  const why = (flags: string): string | undefined => {
    const program = programOf(`par\n@0 a0 = vmap f0 ${flags}\n@1 read null\nend`);
    return findInvalid(program, new Known(terms.traits, program.cpus, program.frames))?.why;
  };
  expect(why('flags=null')).toBe('this vmap must stand outside parallel blocks');
  expect(why('flags=read_only')).toBeUndefined();
});

test('on Linux 5.10, unmap_mapping_range without even_cows is defined only where no inserted page can be', () => {
  const { traits } = profileNamed('linux-5.10');
  const why = (...lines: string[]): string | undefined => {
    const program = programOf(lines.join('\n'));
    return findInvalid(program, new Known(traits, program.cpus, program.frames))?.why;
  };
  const made = ['@0 v0 = mmap o0 2 mixedmap shared', '@0 vm_insert_page v0 v0+0x1000 f0'];
  const inserted = 'without even_cows, inserted pages of v0 may stay mapped here';
  expect(why(...made, '@0 unmap_mapping_range o0+0x1000 0x1000')).toBe(inserted);
  expect(why(...made, '@0 m0 = fork', '@0 munmap v0', '@0 unmap_mapping_range o0 0x0')).toBe(inserted);
  expect(why(...made, '@0 unmap_mapping_range o0 0x1000')).toBeUndefined();
  expect(why(...made, '@0 unmap_mapping_range o1 0x0')).toBeUndefined();
  expect(why(...made, '@0 unmap_mapping_range o0 0x0 flags=even_cows')).toBeUndefined();
  // A call that takes the page away may fail.
  const stayed = 'without even_cows, inserted pages of o0 may stay mapped here';
  expect(why(...made, '@0 v1 = mremap v0 2', '@0 munmap v1', '@0 unmap_mapping_range o0 0x0')).toBe(stayed);
  expect(why(...made, '@0 vm_munmap v0 v0+0x2000', '@0 unmap_mapping_range o0 0x0')).toBe(stayed);
  expect(why(...made, '@0 munmap v0', '@0 unmap_mapping_range o0 0x0')).toBeUndefined();
  const numbered = ['@0 v0 = mmap o0 1 pfnmap shared', '@0 vmf_insert_pfn v0 v0 f0'];
  expect(why(...numbered, '@0 unmap_mapping_range o0 0x0')).toBeUndefined();
  const alone = 'this unmap_mapping_range must stand outside parallel blocks';
  const overlapping = (call: string) => why(...numbered, 'par', `@0 ${call}`, '@1 read null', 'end');
  expect(overlapping('unmap_mapping_range o0 0x0')).toBe(alone);
  expect(overlapping('unmap_mapping_range o0 0x0 flags=even_cows')).toBeUndefined();
});

/** The clause that a trace breaks. */
const verdict = (...lines: string[]): string | undefined => {
  const { entries } = parse(['mmspec trace 1', 'cpus 2', 'frames 64', ...lines, ''].join('\n'), VOCABULARY);
  return judge(entries[0].trace as Trace, agree(embedded('lazy')!.manifest).terms, new Tally())?.clause.id;
};

describe('a write through the translation of an old copy', () => {
  // vm_insert_page answers 0, so the old copy is gone from the page tables; its translation is not, until the
  // unmapping call has returned.
  const copying = (inserted: string, copied: string, unmapped: string) => [
    '@0 v0 = mmap o0 1 plain private => 0x200200000',
    '@0 vm_insert_page v0 v0 f0 => 0',
    '@0 break_cow v0 => ok',
    'par',
    `@0 vm_insert_page v0 v0 f0 => 0 ${inserted}`,
    `@0 break_cow v0 => ok ${copied}`,
    `@1 unmap_mapping_range o0 0x1000 flags=even_cows => ok ${unmapped}`,
    'end',
    '@0 read v0 => f0',
  ];

  test('may leave what was filled in since as it is', () => {
    expect(verdict(...copying('[2 3]', '[4 5]', '[1 6]'))).toBeUndefined();
  });

  test('is not possible once the unmapping call has returned', () => {
    expect(verdict(...copying('[2 3]', '[5 6]', '[1 4]'))).toBe('COW-2');
  });
});

test.each(['-EEXIST', 'f0'])(
  'a frame that was mapped by number may have been inserted again in a block: %s',
  (found) => {
    const lines = [
      '@0 v0 = mmap o0 1 mixedmap shared => 0x200001000',
      '@0 vmf_insert_mixed v0 v0 f0      => NOPAGE',
      'par',
      '@0 read v0                        => f0 [1 2]',
      '@1 vm_map_pages v0 f0             => -EBUSY [3 4]',
      'end',
    ];
    expect(verdict(...lines, `@0 get_user_pages v0 => ${found}`)).toBeUndefined();
    expect(verdict(...lines, '@0 get_user_pages v0 => -EFAULT')).toBe('GUP-2');
  },
);

test('a frame that was mapped with a count may have been inserted again without one in a block', () => {
  const inserting = (frame: string, count: number) => [
    '@0 v0 = mmap o0 1 mixedmap shared   => 0x200001000',
    '@0 vm_insert_page v0 v0 f0          => 0',
    'par',
    '@0 madvise v0 v0 0x1000 dontneed    => 0 [1 2]',
    `@1 vmf_insert_mixed v0 v0 ${frame}  => NOPAGE [3 4]`,
    'end',
    `@0 page_mapcount f0                 => ${count}`,
  ];
  expect(verdict(...inserting('f0', 0))).toBeUndefined();
  expect(verdict(...inserting('f1', 0))).toBeUndefined();
  expect(verdict(...inserting('f1', 1))).toBe('MAD-5');
});

describe('where a failed call may have mapped a page', () => {
  const failed = [
    '@0 fail_after 1                   => ok',
    '@0 v0 = mmap o0 2 mixedmap shared => 0x200001000',
    '@0 vm_map_pages v0 f0 f1          => -ENOMEM',
  ];

  test('a later fault, too, may lack memory if memory fails', () => {
    expect(verdict(...failed, '@0 fail_after 1 => ok', '@0 fault v0 f0 => fault')).toBeUndefined();
    expect(verdict(...failed, '@0 fault v0 f0 => fault')).toBe('FLT-1');
  });

  test('get_user_pages may lack memory if memory fails', () => {
    expect(verdict(...failed, '@0 fail_after 1 => ok', '@0 get_user_pages v0 => -ENOMEM')).toBeUndefined();
    expect(verdict(...failed, '@0 get_user_pages v0 => -ENOMEM')).toBe('MEM-1');
  });
});

test('get_user_pages in a block may lack memory if memory fails', () => {
  const lines = ['@0 v0 = mmap o0 1 mixedmap shared => 0x200001000', '@0 fail_after 1 => ok'];
  const block = ['par', '@0 get_user_pages v0 => -ENOMEM [1 2]', '@1 read null => fault [3 4]', 'end'];
  expect(verdict(...lines, ...block)).toBeUndefined();
});

test('a copy that is being made may still look like the frame', () => {
  const reading = (removed: string, read: string, copied: string) => [
    '@0 v0 = mmap o0 1 plain private => 0x200200000',
    '@0 vm_insert_page v0 v0 f0 => 0',
    'par',
    `@0 unmap_mapping_range o0 0x0 => ok ${removed}`,
    `@0 read v0 => f0 ${read}`,
    `@1 break_cow v0 => ok ${copied}`,
    'end',
  ];
  expect(verdict(...reading('[2 3]', '[4 5]', '[1 6]'))).toBeUndefined();
  expect(verdict(...reading('[2 4]', '[5 6]', '[1 3]'))).toBe('UMR-1');
});

test('a copy that is being made unmaps the page for a moment, whatever comes of it', () => {
  const reading = (read: string, removed: string, copied: string) => [
    '@0 v0 = mmap o0 1 plain private => 0x200200000',
    '@0 vm_insert_page v0 v0 f0 => 0',
    'par',
    `@0 read v0 => fault ${read}`,
    `@0 unmap_mapping_range o0 0x1000 flags=even_cows => ok ${removed}`,
    `@1 break_cow v0 => fault ${copied}`,
    'end',
  ];
  expect(verdict(...reading('[2 3]', '[4 6]', '[1 5]'))).toBeUndefined();
  expect(verdict(...reading('[1 2]', '[3 5]', '[4 6]'))).toBe('INS-1');
});

describe('a VMA that is made while unmap_mapping_range goes through those of its object', () => {
  const made = (mapped: string, read: string, unmapped: string, later: string) => [
    'par',
    `@0 v0 = mmap o0 1 pfnmap shared remap=f8 => 0x200201000 ${mapped}`,
    `@0 read v0 => f8 ${read}`,
    `@1 unmap_mapping_range o0 0x1000 => ok ${unmapped}`,
    'end',
    `@1 read v0 => ${later}`,
  ];

  test.each(['f8', 'fault'])('may be found or missed: %s', (later) => {
    expect(verdict(...made('[1 3]', '[4 5]', '[2 6]', later))).toBeUndefined();
    expect(verdict(...made('[2 3]', '[4 5]', '[1 6]', later))).toBeUndefined();
  });

  test('is missed if the call had returned before', () => {
    expect(verdict(...made('[3 4]', '[5 6]', '[1 2]', 'f8'))).toBeUndefined();
    expect(verdict(...made('[3 4]', '[5 6]', '[1 2]', 'fault'))).toBe('RPR-1');
  });

  test('is found if it was there before the call', () => {
    expect(verdict(...made('[1 2]', '[3 4]', '[5 6]', 'fault'))).toBeUndefined();
    expect(verdict(...made('[1 2]', '[3 4]', '[5 6]', 'f8'))).toBe('UMR-1');
  });
});

test.each(RACES.map((race) => [race.name, race] as const))('%s: its program fails 100 of 100 times', (name, race) => {
  const target = mutant(name)!;
  const { terms } = agree(target.manifest);
  const program = programOf(race.shows);
  const seen = new Set<string>();
  for (let time = 0; time < 100; time++) {
    const trace = target.executeTrace(program);
    seen.add(`${judge(trace, terms, new Tally())?.clause.id}\n${printTraceSteps(trace)}`);
  }
  expect(seen.size).toBe(1);
  expect([...seen][0].split('\n')[0]).toBe(race.breaks);
});
