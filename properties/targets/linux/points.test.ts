import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { delays } from '../../../src/output/export/kernel/delays.ts';
import type { Parts } from '../../../src/output/export/kernel/parts.ts';
import { withPlan } from '../../../src/run/plan.ts';
import { harnessFolder } from '../../../src/targets/linux/harness.ts';
import { pointsOf } from '../../../src/targets/linux/points.ts';
import { folder } from '../../support/cli.ts';

const file = (text: string): string => {
  const path = join(folder(), 'points.txt');
  writeFileSync(path, text);
  return path;
};

test('the fixed list is the default', () => {
  expect(pointsOf(undefined)).toBeUndefined();
  expect(pointsOf('fixed')).toBeUndefined();
});

/** The functions in a list of points in C. */
const listed = (source: string): string[] => {
  const [, list] = /^static const char \*const (?:symbols|points)\[\] = \{$(.*?)^\};$/ms.exec(source)!;
  return [...list.matchAll(/"(\w+)"/g)].map(([, name]) => name);
};

test('an exported module holds CPUs at the points of the harness, so that it can force their schedules', () => {
  const points = listed(readFileSync(join(harnessFolder(), 'points.c'), 'utf8'));
  expect(points).toContain('unmap_page_range');
  expect(new Set(points).size).toBe(points.length);
  expect(listed(delays({ scheduled: true } as Parts))).toEqual(points);
});

test('wide is left to the kernel', () => expect(pointsOf('wide')).toBe('wide'));

test('a file names functions', () => {
  expect(pointsOf(file('unmap_page_range # clears\n\n  zap_pte_range\r\n'))).toBe('unmap_page_range zap_pte_range');
});

test.each([
  ['', /names no function; expected one on each line/],
  ['two words\n', /"two words" is not the name of a function; expected one on each line/],
  [Array.from({ length: 1025 }, (_, i) => `f${i}\n`).join(''), /names 1025 functions; at most 1024/],
])('a file that is refused', (text, message) => {
  expect(() => pointsOf(file(text))).toThrow(message);
});

test('only kernels have points', async () => {
  const asked = withPlan('embedded', { points: 'wide' }, async () => undefined);
  await expect(asked).rejects.toThrow('points wide: embedded has none; only these take them: linux:NAME, vmalloc:KDIR');
});
