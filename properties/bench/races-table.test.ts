import { expect, test } from 'vitest';
import { document } from '../../bench/races/document.ts';
import type { Run } from '../../bench/races/hunt.ts';

const run = (way: Run['way'], seed: number, steps: number, found: string | null = 'ALIAS-1 read frame'): Run => ({
  race: 'purge-without-lock',
  way,
  seed,
  found,
  programs: 10,
  steps,
  seconds: steps / 1000,
});

const row = (runs: readonly Run[]): string =>
  document({ seeds: [1, 2, 3], seconds: 120, kernel: 'linux:trixie' }, runs)
    .split('\n')
    .find((line) => line.startsWith('| purge-without-lock |'))!;

test('a row has the median of the steps of both ways, and compares their sums', () => {
  const runs = [1000, 2000, 6000].flatMap((steps, i) => [
    run('schedules', i + 1, steps),
    run('delays', i + 1, 4 * steps),
  ]);
  expect(row(runs)).toBe('| purge-without-lock | 3/3 | 2,000 | 6.0 s | 3/3 | 8,000 | 25% |');
});

test('a run that found nothing gives a limit only', () => {
  const runs = [1, 2, 3].flatMap((seed) => [run('schedules', seed, 1000), run('delays', seed, 20_000, null)]);
  expect(row(runs)).toBe('| purge-without-lock | 3/3 | 1,000 | 1.0 s | 0/3 | > 20,000 | < 5% |');
});

test('only seeds that ran in both ways are compared', () => {
  const runs = [run('schedules', 1, 1000), run('delays', 1, 2000), run('schedules', 2, 9000)];
  expect(row(runs)).toBe('| purge-without-lock | 1/1 | 1,000 | 1.0 s | 1/1 | 2,000 | 50% |');
});
