import { describe, expect, test } from 'vitest';
import { checkAdapter } from '../../../src/targets/check/index.ts';
import { adapterFile, bad } from '../../support/adapters.ts';

test('a failed check reports what was sent, expected and received', { tags: ['long'] }, async () => {
  const reported = async (deed: string, when: string) => {
    const lines: string[] = [];
    const report = await checkAdapter(bad(deed, '--when', `'${when}'`), {
      line: (line) => lines.push(line),
      timeout: 4000,
    });
    expect(report.exitCode).toBe(3);
    return lines.join('\n');
  };
  // Most of the time they wait for lines that never come.
  const [otherTrace, wrongVersion, halfLine] = await Promise.all([
    reported('other-trace', 'read hole'),
    reported('wrong-version', ''),
    reported('half-line', 'a0 = vmap'),
  ]);
  expect(otherTrace).toMatch(/expected: => OUTCOME of step 2 of [0-9]+\n {4}got: {6}end [0-9]+/);
  expect(wrongVersion).toMatch(/expected: mmspec target 1, or mmspec target 2\n {4}got: {6}mmspec target 9/);
  expect(halfLine).toMatch(/expected: @0 a0 = vmap f0 f1 => address or null\n {4}got: {6}=> 0xffff-/);
});

describe('wrong times of parallel blocks fail a check', () => {
  const expectedBy = async (deed: string, ...checks: string[]) => {
    const { results } = await checkAdapter(bad(deed), { line: () => {}, timeout: 2000, only: new Set(checks) });
    expect(results.length).toBe(checks.length);
    return new Map(results.map(({ check, failure }) => [check.name, failure?.expected]));
  };

  test.each([
    ['times-missing', 'parallel blocks', /OUTCOME \[CALLED RETURNED\]$/],
    ['times-backwards', 'parallel blocks', /called before it returns$/],
    ['times-twice', 'parallel blocks', /^each number only once$/],
    ['times-of-others', 'parallel blocks', /^the steps of a lane one after the other/],
    ['times-go-on', 'several blocks', /the counter starts at 1 in each block$/],
    ['times-everywhere', 'before and after a block', /^no times outside a block$/],
    ['times-too-early', 'logical times', /^1 or more, as that was written before$/],
  ])('%s', async (deed, check, expected) => {
    expect((await expectedBy(deed, check)).get(check)).toMatch(expected);
  });

  test('right times pass', async () => {
    const checks = ['parallel blocks', 'several blocks', 'before and after a block', 'logical times'];
    const expected = await expectedBy('times-right', ...checks);
    for (const name of checks) expect(expected.get(name)).toBeUndefined();
  });
});

test('a check whose steps are unsupported is skipped, and says what to announce', { tags: ['long'] }, async () => {
  const { results } = await checkAdapter(bad('unsupported', '--when', "'vmap f0'"), { line: () => {}, timeout: 2000 });
  const about = results.filter(({ reason }) => reason.includes('it answers unsupported'));
  expect(about.length).toBeGreaterThan(5);
  for (const { check, outcome, reason } of about) {
    expect(outcome, check.name).toBe('skip');
    expect(reason).toContain('announce what it supports of the call: calls vmap(LIMIT)');
  }
});

test('an adapter whose areas cross no boundary of page tables gets a note, not a failure', async () => {
  const lines: string[] = [];
  await checkAdapter(`exec:python3 '${adapterFile('python/adapter.py')}'`, { line: (line) => lines.push(line) });
  expect(lines.join('\n')).toMatch(/note {2}page-table boundaries: no area crossed a boundary/);
  expect(lines.at(-1)).toMatch(/0 failed, .*, 1 note$/);
});
