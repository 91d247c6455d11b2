import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addRound, comparePairs, compareTimings, printRatios } from '../../bench/compare.ts';
import { parseTimings, readTimings, type Timings } from '../../bench/timings.ts';
import { folder } from '../support/cli.ts';

const timings = (lines: Readonly<Record<string, readonly number[]>>): Timings => ({
  format: 'mmspec bench 1',
  node: 'v20.0.0',
  timings: Object.entries(lines).map(([line, values]) => ({ line, unit: 'us/step', values })),
});

describe('measurements that were made one after the other', () => {
  test('compare by their medians, and tell the spread', () => {
    const [ratio] = compareTimings(timings({ judge: [2, 3, 4] }), timings({ judge: [1, 2, 3] }));
    expect(ratio).toEqual({ line: 'judge', ratio: 1.5, least: 2 / 3, most: 4, slower: false });
  });

  test.each([
    ['every round takes 11% longer', [1.11, 1.12, 1.11, 1.11, 1.11], [1, 1, 1, 1, 1], true],
    ['every round takes 9% longer', [1.09, 1.09, 1.09, 1.09, 1.09], [1, 1, 1, 1, 1], false],
    ['the rounds overlap', [1, 1.6, 1.7, 1.7, 1.7], [1, 1, 1, 1, 1.6], false],
    ['there are too few rounds', [2, 2, 2, 2], [1, 1, 1, 1], false],
    ['every round is faster', [0.5, 0.5, 0.5, 0.5, 0.5], [1, 1, 1, 1, 1], false],
  ])('where %s', (_, now, before, slower) => {
    expect(compareTimings(timings({ judge: now }), timings({ judge: before }))[0].slower).toBe(slower);
  });

  test('leave out lines that only one of them has', () => {
    const ratios = compareTimings(timings({ judge: [1], execute: [1] }), timings({ generate: [1], judge: [1] }));
    expect(ratios.map(({ line }) => line)).toEqual(['judge']);
  });
});

describe('measurements whose rounds took turns', () => {
  // The machine was slower in each round, which met both of them.
  const slowdowns = [1, 2, 3, 4, 5];
  const roundsOf = (value: number) =>
    slowdowns.reduce<Timings | undefined>((sum, slow) => addRound(sum, timings({ judge: [value * slow] })), undefined)!;
  const [before, now] = [roundsOf(1), roundsOf(1.2)];

  test('compare round by round', () => {
    const [ratio] = comparePairs(now, before);
    expect(ratio.ratio).toBeCloseTo(1.2);
    expect(ratio.slower).toBe(true);
    expect(compareTimings(now, before)[0].slower).toBe(false);
  });

  test('are printed with their spread', () => {
    expect(printRatios(comparePairs(now, before))).toBe('  judge  1.20  (1.20 to 1.20)  slower\n');
  });
});

describe('a file of timings', () => {
  test('reads back', () => {
    const file = join(folder(), 'timings.json');
    writeFileSync(file, JSON.stringify(timings({ judge: [1, 2] })));
    expect(readTimings(file)).toEqual(timings({ judge: [1, 2] }));
  });

  test.each([
    ['no JSON', 'throughput: 1'],
    ['null', 'null'],
    ['another format', '{"timings":[]}'],
    ['no values', JSON.stringify(timings({ judge: [] }))],
    ['a value that is not a time', JSON.stringify(timings({ judge: [0] }))],
  ])('is refused with the command that makes one: %s', (_, text) => {
    expect(() => parseTimings(text, 'a.json')).toThrow(/^a\.json .*npm run --silent bench -- --json$/);
  });
});
