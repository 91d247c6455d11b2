import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BUGS } from '../../bench/kernels/bugs/index.ts';
import { document } from '../../bench/kernels/document.ts';
import { edited } from '../../bench/kernels/edit.ts';
import { type Run, search } from '../../bench/kernels/hunt.ts';
import { openTarget } from '../../src/targets/open.ts';
import { kernelSources } from '../support/kernel-sources.ts';

const SOURCE = 'int f(int a, int b)\n{\n\treturn a < b;\n}\n\nint g(int a, int b)\n{\n\treturn a < b || b < a;\n}\n';

describe('a bug is put into one function', () => {
  const edit = { file: 'a.c', function: 'int g(', from: 'b < a', to: 'b <= a' };

  test('and nowhere else', () => {
    expect(edited(SOURCE, edit)).toBe(SOURCE.replace('b < a', 'b <= a'));
    const first = { ...edit, function: 'int f(', from: 'a < b' };
    expect(edited(SOURCE, first)).toBe(SOURCE.replace('a < b', 'b <= a'));
  });

  test.each([
    ['the function is missing', { ...edit, function: 'int h(' }, /no function that begins with: int h\(/],
    ['the text is in another function', { ...edit, function: 'int f(' }, /int f\( does not contain: b < a/],
    ['the text is there twice', { ...edit, from: ' < ' }, /contains 2 times/],
  ])('unless %s', (_, wrong, message) => {
    expect(() => edited(SOURCE, wrong)).toThrow(message);
  });
});

test('each bug has a name of its own, and changes something', () => {
  expect(new Set(BUGS.map(({ name }) => name)).size).toBe(BUGS.length);
  for (const { edit } of BUGS) expect(edit.to).not.toBe(edit.from);
});

test.skipIf(!kernelSources)('each bug can be put into the sources of Linux 6.12', () => {
  for (const { name, edit } of BUGS) {
    const text = readFileSync(join(kernelSources!, edit.file), 'utf8');
    expect(edited(text, edit), name).not.toBe(text);
  }
});

test('the table has a line for each bug, with medians and what was found', () => {
  const run: Run = {
    ...{ bug: 'vfree-keeps-last-page', way: 'vmalloc', seed: 1, cpus: 2 },
    ...{ buildSeconds: 2, seconds: 3, reportSeconds: 4, programs: 10, clause: 'SAFE-3', named: true },
  };
  const runs: Run[] = [
    run,
    { ...run, seed: 2, seconds: 5, reportSeconds: 7 },
    { ...run, seed: 3, clause: null, named: false, seconds: 30, reportSeconds: null },
  ];
  const race = { ...run, bug: 'dirty-before-unmapped', seconds: 40, named: false };
  const about = { kernel: '6.12.1', date: '2026-01-02', seconds: 30 };
  const text = document([...runs, { ...run, cpus: 4 }, { ...run, seconds: 40 }, race], about);
  expect(text).toContain('with the sources of Linux 6.12.1.');
  expect(text).toContain('| vfree-keeps-last-page |  | vmalloc | 2 | 3/4 | 2.0 | 5.0 | 4.0 | 10 | SAFE-3 | 3/3 |\n');
  expect(text).toContain('| vfree-keeps-last-page |  | vmalloc | 4 | 1/1 | 2.0 | 3.0 | 4.0 | 10 | SAFE-3 | 1/1 |\n');
  expect(text).toContain('* 3 of 5 runs with sequential bugs found the bug within 30 s.\n');
  expect(text).toContain('* 1 of 1 runs with races found the bug within 120 s.\n');
  expect(text).toContain('* 4 of the 5 reports blame a call whose code is wrong.\n');
});

test.each([
  ['counts if the target without the bug passes', 'embedded', 60, 'ZAP-5'],
  ['does not count if that fails, too', 'mutant:zap-returns-zero', 0.2, null],
])('a failure %s', async (_, without, seconds, clause) => {
  const [bug] = BUGS.filter(({ name }) => name === 'zap-one-page-less');
  const target = await openTarget('mutant:zap-returns-zero');
  const stock = () => openTarget(without);
  const found = await search(bug, target, { way: 'kernel', seed: 1, cpus: 2 }, { seconds, stock });
  expect(found).toMatchObject({ clause, named: clause !== null });
});
