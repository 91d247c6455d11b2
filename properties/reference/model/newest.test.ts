import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Life } from '../../../reference/model/kernel/life.ts';
import { NewestLives } from '../../../reference/model/kernel/newest.ts';

/** Page numbers as large as those of real kernels, so that they are no small integers. */
const BASE = 0xffffc90000000;
const PAGES = 48;

test('the newest life at each page is the last one that was set there', () => {
  const range = fc.record({ from: fc.nat(PAGES - 1), length: fc.integer({ min: 0, max: 9 }) });
  fc.assert(
    fc.property(fc.array(range, { minLength: 1, maxLength: 80 }), (ranges) => {
      const newest = new NewestLives();
      // A second round after `clear` works with the memory of the first.
      for (let round = 0; round < 2; round++) {
        newest.clear();
        const byPage = new Map<number, Life>();
        for (const { from, length } of ranges) {
          const life = new Life();
          newest.set(BASE + from, BASE + from + length, life);
          for (let page = from; page < from + length; page++) byPage.set(page, life);
          for (let page = -1; page <= PAGES + 9; page++)
            if (newest.at(BASE + page) !== byPage.get(page)) expect(newest.at(BASE + page)).toBe(byPage.get(page));
        }
        let end = 0;
        for (let i = 0; i < newest.count; i++) {
          expect(newest.startOf(i)).toBeGreaterThanOrEqual(end);
          end = newest.endOf(i);
          expect(end).toBeGreaterThan(newest.startOf(i));
          expect(newest.at(newest.startOf(i))).toBe(newest.lifeOf(i));
        }
        expect(newest.firstAfter(end)).toBe(newest.count);
      }
    }),
  );
});
