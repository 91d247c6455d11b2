import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CALLS } from '../../reference/calls/index.ts';
import { clauseById } from '../../reference/contract.ts';

/** docs/contract-coverage.md: the rules of the kernel, and the clauses that judge them. */

interface Row {
  readonly call: string;
  readonly rule: string;
  readonly judged: string;
}

const text = readFileSync(new URL('../../docs/contract-coverage.md', import.meta.url), 'utf8');

const rows: Row[] = text
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => {
    const [call, rule, judged] = line.slice(1, -1).split('|');
    return { call: call.trim(), rule: rule.trim(), judged: judged.trim() };
  });

const REASON = 'No clause: ';
const idsOf = ({ judged }: Row): string[] => (judged.startsWith(REASON) ? [] : judged.split(', '));

test('every rule names clauses that exist, or says why there is no clause', () => {
  expect(rows.length).toBeGreaterThan(80);
  for (const row of rows) {
    if (row.judged.startsWith(REASON)) expect(row.judged.length, row.rule).toBeGreaterThan(REASON.length + 5);
    else for (const id of idsOf(row)) expect(clauseById(id), `${row.rule}: ${id}`).toBeDefined();
  }
});

test('no rule stands there twice', () => {
  expect(new Set(rows.map(({ call, rule }) => `${call} ${rule}`)).size).toBe(rows.length);
});

test('only calls that the kit has are said to be judged', () => {
  const names = new Set(CALLS.map(({ name }) => name as string));
  for (const row of rows) {
    const calls = [...row.call.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    if (idsOf(row).length > 0)
      expect(
        calls.every((name) => names.has(name)),
        `${row.call}: ${row.rule}`,
      ).toBe(true);
  }
});

test('every clause of the user side and of the calls on allocated memory judges a rule', () => {
  const judged = new Set(rows.flatMap(idsOf));
  const covered = CALLS.filter(({ name, side }) => side === 'user' || /^(vmalloc|vzalloc|vfree)/.test(name));
  const own = covered.filter(({ name }) => name !== 'mmap' && name !== 'break_cow');
  for (const { name, clauses } of own)
    for (const { id } of clauses) expect(judged.has(id), `${id} of ${name}`).toBe(true);
});
