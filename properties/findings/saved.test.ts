import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VOCABULARY } from '../../reference/contract.ts';
import { judge } from '../../reference/judge/judge.ts';
import { parse, print } from '../../reference/notation/document.ts';
import type { Header } from '../../reference/notation/header.ts';
import { traitChoices } from '../../src/cli/options.ts';
import { UsageError } from '../../src/common/errors.ts';
import { load, loadCorpus, save } from '../../src/findings/corpus.ts';
import { checkFits, sortPrograms } from '../../src/findings/fits.ts';
import { agree } from '../../src/targets/agreement.ts';
import { embedded } from '../../src/targets/embedded/index.ts';
import { parseSchedule } from '../../src/targets/embedded/schedule.ts';
import { openDirect } from '../../src/targets/open.ts';
import { folder } from '../support/cli.ts';

const HEADER: Header = { traits: new Map(), cpus: 2, frames: 64, page: 4096, windows: new Map() };
const text = (target: string): string => print({ kind: 'program', header: { ...HEADER, target }, entries: [] });

describe('what is saved can be read', () => {
  test.each([
    'linux 6.1',
    'a # comment',
    '#',
    '"quoted"',
    'two\nlines',
    ' blanks ',
    '\u001b[31mred',
    'caf\u00e9 \u2028',
    '',
    'back\\slash',
  ])('the name %j', (target) => {
    const document = text(target);
    expect(document).not.toContain('\u001b');
    expect(parse(document, VOCABULARY).header.target).toBe(target);
    expect(print(parse(document, VOCABULARY))).toBe(document);
  });

  test('a name of many blanks, without a search that takes its length squared', () => {
    const target = `x${'\t'.repeat(1_000_000)}x`;
    expect(parse(text(target), VOCABULARY).header.target).toBe(target);
  });

  test('a name of the first version, with a comment behind it', () => {
    const { header } = parse('mmspec program 1\ntarget an "old" one # comment\ncpus 2\n', VOCABULARY);
    expect(header.target).toBe('an "old" one');
  });

  test('frames up to the last one of the largest pool', () => {
    const program = 'mmspec program 1\nframes 1048576\n@0 a0 = vmap f1048575\n';
    expect(print(parse(program, VOCABULARY))).toContain('vmap f1048575');
    expect(print(parse(program.replace('f1048575', 'f0x1048576'), VOCABULARY))).toContain('vmap f0x1048576');
    expect(() => parse(program.replace('1048575\n', '1048576\n'), VOCABULARY)).toThrow('line 3');
  });
});

describe('a small text cannot', () => {
  test('fill the memory', () => {
    const step = '@0 a0 = vmap f0..f999999\n';
    const text = `mmspec program 1\nframes 1048576\n${step.repeat(40)}`;
    expect(() => parse(text, VOCABULARY)).toThrow('stand for too many');
    expect(() => parse(`mmspec program 1\nframes 4\n${step}`, VOCABULARY)).toThrow('expected frames below f4');
    expect(() => parseSchedule('0:999999,1:999999')).toThrow('at most 1000000 choices');
  });

  test('name more pages than the judge can follow', () => {
    const trace = (steps: string) => parse(`mmspec trace 1\n${steps}`, VOCABULARY).entries[0].trace;
    const { terms } = agree({ traits: new Map(), page: 4096, windows: new Map() });
    expect(() => trace('@0 v0 = mmap o0 4294967296 pfnmap shared => 0x200000000\n')).toThrow('at most 1048576 pages');
    judge(trace('@0 a0 = vmalloc 0x1000000000000 => 0xffffc90000000000\n@0 vfree a0 => ok\n'), terms);
    const vma = '@0 v0 = mmap o0 4 pfnmap shared => 0x200000000\n';
    judge(trace(`${vma}@0 remap_pfn_range v0 v0 f1 0x1000000000000 => 0\n@0 read v0 => f1\n`), terms);
  });

  test('overflow the stack', () => {
    const long = 'x'.repeat(10 << 20);
    const { entries } = parse(`mmspec trace 1\n@0 vm_unmap_aliases => crash "${long}"\n`, VOCABULARY);
    expect(entries[0].trace.outcomes[0]).toMatchObject({ kind: 'crash', text: long });
  });
});

test.each(['0x8,1', '0,', 'x'])('schedule=%s is wrong input, and names what was expected', (schedule) => {
  const text = `mmspec program 1\npar schedule=${schedule}\n@0 read null\n@1 read null\nend\n`;
  const { program } = parse(text, VOCABULARY).entries[0].trace;
  const target = openDirect('embedded', embedded('lazy')!);
  expect(() => checkFits('a.mm', program, target, agree(target.manifest))).toThrow(
    `a.mm: schedule=${schedule}: expected CPUs (0,1,1,0 or 0:3,1)`,
  );
});

test('programs that need the same ability are counted together, wherever a step needs it', () => {
  const steps = ['@0 a0 = vmap f0 flags=null', '@0 read null\n@0 a0 = vmap f1 f2 flags=read_only'];
  const programs = steps.map((text) => parse(`mmspec program 1\n${text}\n`, VOCABULARY).entries[0].trace.program);
  const target = openDirect('embedded', embedded('lazy')!);
  const manifest = { ...target.manifest, can: new Set<string>() };
  expect(sortPrograms(programs, { ...target, manifest }, agree(manifest))).toEqual({
    fitting: [],
    unfit: 2,
    reasons: [{ why: 'needs the ability vmap_flags, which embedded does not announce', programs: 2 }],
  });
});

test('a trait named as a property that every object has is unknown', () => {
  expect(Object.keys(traitChoices(['__proto__=x']))).toEqual(['__proto__']);
});

test('a bad file of a folder is skipped, and the others are read', () => {
  const corpus = folder();
  writeFileSync(join(corpus, 'a.mm'), text('good'));
  writeFileSync(join(corpus, 'b.mm'), 'mmspec program 1\npage 2097152\n');
  mkdirSync(join(corpus, 'c.mm'));
  const bad: string[] = [];
  expect(loadCorpus(corpus, (why) => bad.push(why)).map(({ path }) => path)).toEqual([join(corpus, 'a.mm')]);
  expect(bad).toEqual([expect.stringContaining('b.mm, line 2'), expect.stringContaining('c.mm: it is a folder')]);
});

test('a file in place of the folder is wrong usage', () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  expect(() => loadCorpus(file)).toThrow(UsageError);
});

test('saving in a folder that cannot be created is an error, and does not hang', () => {
  expect(() => save('/proc/no/such/folder', 'a.mm', 'text')).toThrow('ENOENT');
});

test('a file that names a call that does not exist is refused with the call that was meant', () => {
  const file = join(folder(), 'misspelled.mm');
  writeFileSync(file, 'mmspec program 1\n@0 a0 = vmapp f0\n');
  expect(() => load(file)).toThrow(
    /misspelled\.mm, line 2, column 9: unknown call vmapp; did you mean vmap.*\?\nlist all \d+ with: npx mmspec list calls$/,
  );
});
