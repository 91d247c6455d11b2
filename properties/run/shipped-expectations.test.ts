import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appliesTo } from '../../src/run/expect/entry.ts';
import { parseExpectations } from '../../src/run/expect/file.ts';
import { programOf } from '../../src/run/expect/programs.ts';
import { ROOT } from '../support/cli.ts';

/** The lists of known divergences of stock kernels. */

test.each([
  ['stock', ['ALIAS-1', 'ALIAS-1', 'ALIAS-1', 'ALIAS-1', 'SAFE-2', 'SAFE-2', 'GUP-5', 'SAFE-2', 'INS-11']],
  ['kasan', ['SAFE-2']],
])('each line of %s.expect has a program, and is in FINDINGS.md', (name, clauses) => {
  const entries = parseExpectations(readFileSync(join(ROOT, `fixtures/linux/${name}.expect`), 'utf8'));
  const findings = readFileSync(join(ROOT, 'fixtures/linux/FINDINGS.md'), 'utf8');
  expect(entries.map(({ clause }) => clause)).toEqual(clauses);
  for (const one of entries) {
    expect(programOf(one, [join(ROOT, 'fixtures/counterexamples')]).steps.length).toBeGreaterThan(0);
    const [, number] = /\(finding (\d+)\)/.exec(one.why)!;
    expect(findings).toMatch(new RegExp(`^## ${number}\\. [^#]*\\*\\*Clause\\*\\* ${one.clause}`, 'm'));
  }
});

test('the warning of the memory types of x86 is expected with 32 bits, too, but not on other architectures', () => {
  const entries = parseExpectations(readFileSync(join(ROOT, 'fixtures/linux/stock.expect'), 'utf8'));
  const applies = (name: string): boolean =>
    entries.some((one) => one.clause === 'SAFE-2' && appliesTo(one, { spec: 'linux:x', name }));
  const names = ['linux 6.1.192 x86_64', 'linux 6.1.176 i686', 'linux 7.3.4 x86_64', 'linux 6.1.192 aarch64'];
  expect(names.map(applies)).toEqual([true, true, false, false]);
});
