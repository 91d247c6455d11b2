import { expect, test } from 'vitest';
import { printSteps } from '../../reference/notation/print.ts';
import { optionsWith, ParallelGenerator } from '../../src/programs/generate/index.ts';
import { ParallelShare } from '../../src/programs/generate/share.ts';

test.each([0, 1, 20, 75, 100])(
  '%i percent of each group of programs have a block, and these are numbered in order',
  (percent) => {
    const share = new ParallelShare(percent);
    let next = 0;
    for (let group = 0; group < 5; group++) {
      for (let at = 0; at < 100; at++) {
        const number = share.numberOf(7, 100 * group + at);
        if (number >= 0) expect(number).toBe(next++);
      }
      expect(next).toBe((group + 1) * percent);
    }
  },
);

test('which programs have a block depends on the seed and the index alone', () => {
  const [share, other] = [new ParallelShare(50), new ParallelShare(50)];
  const numbers = (seed: number) => Array.from({ length: 300 }, (_, i) => share.numberOf(seed, i));
  const [first, second] = [numbers(1), numbers(2)];
  expect(second).not.toEqual(first);
  for (const index of [299, 5, 150, 0]) {
    expect(other.numberOf(1, index)).toBe(first[index]);
    expect(other.numberOf(2, index)).toBe(second[index]);
  }
});

test('the first programs with a block all differ, and later ones share their steps', () => {
  const programs = new ParallelGenerator(optionsWith());
  const texts = (from: number) =>
    Array.from({ length: 64 }, (_, i) => printSteps({ ...programs.program(1, from + i), blocks: [] }));
  expect(new Set(texts(0)).size).toBe(64);
  expect(new Set(texts(4096)).size).toBe(16);
});
