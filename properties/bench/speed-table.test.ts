import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseLine } from '../../bench/checkout-speed.ts';
import { speedTable, withTable } from '../../bench/speed-table.ts';
import { ROOT } from '../support/cli.ts';

test('lines of old and of new benchmarks are read, and headings are not', () => {
  expect(parseLine('  judge           0.280 us   3,571,429 steps/s  judge the recorded traces')).toEqual([
    'judge',
    0.28,
  ]);
  expect(parseLine('  the whole way       1.504 us a step       664,894 steps/s')).toEqual(['end to end', 1.504]);
  expect(parseLine('  fc.commands         9.340 us a step       107,066 steps/s')).toEqual(['fc.commands', 9.34]);
  expect(parseLine('      10    0.210 us a step')).toBe(undefined);
  expect(parseLine('throughput: microseconds of processor time per step')).toBe(undefined);
});

const TABLE = speedTable([{ line: 'judge', now: [0.25, 0.2, 0.5], before: [0.5, 0.8, 0.5] }], {
  base: '6d5d84c',
  rounds: 3,
  steps: 3_000_000,
  when: '2026-11-26',
  node: 'v20.20.2',
  cpus: 2,
});

test('the table compares round by round', () => {
  expect(TABLE).toContain('| judge | 0.250 | 4,000,000 | 0.500 | 2.00 (1.00 to 4.00) |');
  expect(TABLE).toContain('Measured on 2026-11-26 on 2 cores with Node 20.20.2: medians of 3 rounds');
});

test('the page of benchmarks has a place for it, and writing it again replaces it', () => {
  const page = readFileSync(join(ROOT, 'docs/benchmarks.md'), 'utf8');
  const once = withTable(page, TABLE);
  expect(once).toContain(`\n\n${TABLE}\n\n<!-- End`);
  expect(withTable(once, TABLE)).toBe(once);
  expect(() => withTable('# Another page\n', TABLE)).toThrow(/lacks the lines/);
});
