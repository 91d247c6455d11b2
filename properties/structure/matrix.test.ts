import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { matrixDocument } from '../../docs/tools/matrix/markdown.ts';
import { matrixPage } from '../../docs/tools/matrix/page.ts';
import { type KernelRun, recordOf } from '../../docs/tools/matrix/records.ts';
import { together } from '../../docs/tools/matrix/table.ts';
import type { ReportData } from '../../src/run/report/data.ts';
import { ROOT } from '../support/cli.ts';

const run = (clauses: KernelRun['clauses'], fault?: string): KernelRun => ({
  target: 'linux:bookworm',
  kernel: '6.1.192 x86_64',
  ...(fault ? { fault } : {}),
  date: '2026-01-02',
  seed: 7,
  steps: 1000,
  programs: 10,
  milliseconds: 500,
  clauses,
});

describe('the matrix of kernels', () => {
  test('is what npm run matrix writes', () => {
    expect(readFileSync(join(ROOT, 'docs/matrix.md'), 'utf8')).toBe(matrixDocument());
    expect(readFileSync(join(ROOT, 'docs/matrix.html'), 'utf8')).toBe(matrixPage());
  });

  test('as a page names the clauses of each cell, links the findings, and needs no network', () => {
    const page = matrixPage([
      run({ 'ALIAS-1': 'violated', 'ALIAS-2': 'upheld', 'ALIAS-7': 'unexercised' }),
      run({ 'MUN-2': 'violated' }, 'munmap-skips-flush'),
    ]);
    const [, cell] = /<th scope="row">ALIAS<\/th><td class="violated">(.*?)<\/td>/.exec(page)!;
    expect(cell).toMatch(
      /<code>ALIAS-1<\/code><\/span>, <a href="\.\.\/fixtures\/linux\/FINDINGS\.md#1-[a-z-_]+">finding 1</,
    );
    expect(cell).toMatch(/<summary>held 1<\/summary><ul><li><code>ALIAS-2<\/code> vm_unmap_aliases leaves/);
    expect(cell).toMatch(/<summary>not exercised 1<\/summary><ul><li><code>ALIAS-7<\/code>/);
    expect(page).toContain('<td><code>munmap-skips-flush</code></td><td>found: <code>MUN-2</code></td>');
    expect(page).not.toMatch(/\b(?:src|href)="(?!\.\.\/fixtures|contract\.md)/);
    expect(page).not.toMatch(/undefined|NaN|\[object/);
  });

  test('has the same numbers on both pages', () => {
    const numbers = (text: string): string[] => text.match(/\b(?:held|not exercised|not observable) \d+/g)!.sort();
    const [, table] = matrixPage().split('<table>');
    expect(numbers(table.split('</table>')[0])).toEqual(numbers(matrixDocument()));
  });

  test('says what the runs say together', () => {
    const runs = [
      run({ 'ALIAS-1': 'upheld', 'ALIAS-2': 'unexercised', 'MAP-1': 'unobservable' }),
      run({ 'ALIAS-1': 'violated', 'ALIAS-2': 'upheld' }),
    ];
    expect(together(runs, 'ALIAS-1')).toBe('violated');
    expect(together(runs, 'ALIAS-2')).toBe('upheld');
    expect(together(runs, 'MAP-1')).toBe('unobservable');
    expect(together(runs, 'ZAP-1')).toBeUndefined();
  });

  test('links a violation to its finding, and keeps runs with a fault apart', () => {
    const text = matrixDocument([
      run({ 'ALIAS-1': 'violated', 'ALIAS-2': 'upheld', 'ALIAS-7': 'unexercised' }),
      run({ 'MUN-2': 'violated' }, 'munmap-skips-flush'),
    ]);
    expect(text).toContain('| ALIAS | **violated** ALIAS-1, [finding 1](../fixtures/linux/FINDINGS.md#1-');
    expect(text).toContain(', [finding 4](../fixtures/linux/FINDINGS.md#4-');
    expect(text).toMatch(/ALIAS-1.*\), held 1, not exercised 1 \|/);
    expect(text).not.toContain('| MUN |');
    expect(text).toContain('| amd64 | 6.1.192 | `munmap-skips-flush` | found: MUN-2 | 1,000 | 7 |');
  });

  test('takes no run of another target, and none in which the target failed', () => {
    const report = {
      target: { spec: 'linux:bookworm,boot=fresh', name: 'linux 6.1.192 x86_64 fault=skip-flush' },
      seed: 7,
      steps: 1,
      programs: 1,
      time: { milliseconds: 1 },
      clauses: [],
    } as unknown as ReportData;
    expect(recordOf(report, '2026-01-02')).toMatchObject({ target: 'linux:bookworm', fault: 'skip-flush' });
    expect(() => recordOf({ ...report, targetFailures: 1 }, '')).toThrow('failed 1 times');
    expect(() => recordOf({ ...report, target: { spec: 'embedded', name: 'lazy' } }, '')).toThrow('not the kernel');
  });
});
