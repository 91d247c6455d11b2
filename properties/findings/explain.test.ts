import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MUTANTS } from '../../fixtures/simulator/mutants/index.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { parse } from '../../reference/notation/document.ts';
import { printSteps } from '../../reference/notation/print.ts';
import { resized } from '../../src/findings/explain/argument-remarks.ts';
import { aboutNames, aboutNumber } from '../../src/findings/explain/words.ts';
import { folder, mmspec } from '../support/cli.ts';

describe('remarks about numbers', () => {
  const tried = (failing: readonly number[], holding: readonly number[]) => [
    ...failing.map((value) => ({ value, fails: true })),
    ...holding.map((value) => ({ value, fails: false })),
  ];

  test.each([
    [4, [1, 2, 3, 4, 16], [], 'any size (1..4, 16 tried)'],
    [4, [3, 4, 5, 16], [1, 2], 'any size >= 3'],
    [2, [1, 2], [3, 4], 'any size <= 2'],
    [4, [4], [1, 3, 5, 9], 'size 4 only, not 3 or 5'],
    [4, [4, 8], [1, 5, 16], 'size 4, 8, not 1, 5, 16'],
    // The number next to the bound was not tried; two numbers beyond a bound do not stand for all.
    [4, [1, 2, 3, 4, 16], [64], 'size 1..4, 16, not 64'],
    [0, [-1, 0], [1], 'size -1, 0, not 1'],
    [2, [2, 3], [1], 'size 2, 3, not 1'],
    [4, [4], [], undefined],
  ])('%i, where %j fail and %j hold', (own, failing, holding, words) => {
    expect(aboutNumber('size', own, tried(failing, holding))).toBe(words);
  });

  test('remarks about names', () => {
    expect(aboutNames('a0', [])).toBeUndefined();
    expect(aboutNames('vmap', [{ name: 'vm_map_ram', fails: true }])).toBe('vmap or vm_map_ram');
    expect(aboutNames('a0', [{ name: 'a1', fails: false }])).toBe('a0, not a1');
  });
});

test.each([
  [[3, 4], 4, [3, 4, 5, 6]],
  [[2, 2], 3, [2, 2, 2]],
  [[2, 1], 5, [2, 1, 0, 1, 2]],
  [[5, 4, 3], 2, [5, 4]],
  [[], 2, [0, 1]],
])('frames %j as %i frames of the pool are %j', (frames, length, expected) => {
  expect(resized(frames, length)).toEqual(expected);
});

describe('mmspec explain', () => {
  const where = folder();

  const explained = async (name: string, steps: string, target: string) => {
    const file = join(where, name);
    writeFileSync(file, `mmspec program 1\ncpus 3\nframes 64\n${steps}`);
    const { code, stdout } = await mmspec(['explain', file, '--target', target]);
    return { code, stdout, lines: stdout.split('\n').filter((line) => line.startsWith('@')) };
  };

  test('prints what matters as comments of the program', async () => {
    const steps = '@0 a0 = vmap f0 f1\n@1 read a0\n@0 vunmap a0\n@0 vm_unmap_aliases\n@1 read a0\n';
    const { code, stdout, lines } = await explained('local.mm', steps, 'mutant:purge-flushes-locally');
    expect(code).toBe(1);
    expect(lines[1]).toContain('# the read is needed; on the CPU of step 5; any page of a0, the same as in step 5');
    expect(lines[3]).toContain('# the flush is needed; on any CPU but that of step 2');
    expect(lines[4]).toContain('breaks the contract here');
    const { entries } = parse(stdout, VOCABULARY);
    expect(printSteps(entries[0].trace.program)).toBe(steps);
    expect(entries[0].trace.outcomes.length).toBe(5);
  });

  test('tries each variation under every schedule', { tags: ['long'] }, async () => {
    const race = MUTANTS.find(({ name }) => name === 'second-flush-returns-early')!;
    const { lines } = await explained('flush.mm', race.shows.trim().concat('\n'), `mutant:${race.name}`);
    const flushes = lines.filter((line) => line.includes('vm_unmap_aliases'));
    expect(flushes.length).toBe(2);
    for (const line of flushes) expect(line).toMatch(/the flush is needed; on any CPU but that of step \d/);
  });

  test('says when not every variation was tried', { tags: ['long'] }, async () => {
    const file = join(where, 'few.mm');
    writeFileSync(
      file,
      'mmspec program 1\ncpus 2\nframes 4\n@0 v0 = mmap o0 1 plain shared\n@0 zap_vma_ptes v0 v0 0x1000\n',
    );
    const few = await mmspec(['explain', file, '--target', 'mutant:zap-returns-zero', '--tries', '2']);
    expect(few.stdout).toContain('found by running 2 variations');
    expect(few.stdout).toContain('\n# not every variation was tried: ');
    const all = await mmspec(['explain', file, '--target', 'mutant:zap-returns-zero']);
    expect(all.stdout).not.toContain('not every variation');
  });

  test('keeps parallel blocks', async () => {
    const race = MUTANTS.find(({ race: yes }) => yes)!;
    const shown = await explained('race.mm', race.shows.trim().concat('\n'), `mutant:${race.name}`);
    expect(shown.code).toBe(1);
    expect(printSteps(parse(shown.stdout, VOCABULARY).entries[0].trace.program)).toBe(race.shows.trim().concat('\n'));
  });

  test('explains nothing when the program holds', async () => {
    const { code, stdout } = await explained('held.mm', '@0 a0 = vmap f0\n@0 read a0\n', 'embedded');
    expect(code).toBe(0);
    expect(stdout).toContain('there is nothing to explain');
  });
});

describe('mmspec shrink and diff', () => {
  const where = folder();
  const file = join(where, 'long.mm');
  writeFileSync(
    file,
    `mmspec program 1\n@0 a0 = vmap f3 f4\n@0 a1 = vmap f0\n@1 read a1\n@1 read a0\n@0 vunmap a0\n@0 vunmap a1\n@0 vm_unmap_aliases\n@0 read a1\n@1 read a0\n`,
  );

  test('shrink finds the certified shortest program, and saves it', { tags: ['long'] }, async () => {
    const corpus = join(where, 'corpus');
    const args = ['shrink', file, '--target', 'mutant:purge-flushes-locally', '--corpus', corpus];
    const { code, stdout } = await mmspec(args);
    expect(code).toBe(1);
    expect(stdout).toContain('violated ALIAS-1 at step 5 of 5');
    expect(stdout).toContain('certified: no shorter program over these calls fails this way');
    const again = await mmspec([
      'replay',
      /replay (\S+\.mm)/.exec(stdout)![1],
      '--target',
      'mutant:purge-flushes-locally',
    ]);
    expect(again.code).toBe(1);
  });

  test('diff shows where two targets differ', async () => {
    const { code, stdout } = await mmspec([
      'diff',
      file,
      '--target',
      'embedded',
      '--target',
      'mutant:purge-flushes-locally',
    ]);
    expect(code).toBe(1);
    expect(stdout).toContain('the two differ at step 9: fault and f3  breaks ALIAS-1');
    expect(stdout).toContain('\nB breaks ALIAS-1 at step 9\n');
    const alike = await mmspec(['diff', file, '--target', 'embedded', '--target', 'embedded']);
    expect(alike.code).toBe(0);
    expect(alike.stdout).toContain('the two answer alike');
  });

  test.each([
    [['diff', file, '--target', 'embedded'], 'diff compares two targets, but 1 given'],
    [['shrink', file, '--target', 'nothing'], 'unknown target nothing'],
    [['export', file, '--as', 'poem'], '--as poem: unknown form\nexpected one of'],
    [['export', file, '--as', 'kmod'], 'is a program without outcomes; name a target on which it fails'],
  ])('%j is refused with the reason', async (args, message) => {
    const { code, stderr } = await mmspec(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
