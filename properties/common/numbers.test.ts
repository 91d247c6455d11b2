import { expect, test } from 'vitest';
import { milliseconds } from '../../src/common/numbers.ts';

test('durations are milliseconds', () => {
  expect(['500ms', '1.5s', '2m', '1h'].map(milliseconds('--time'))).toEqual([500, 1500, 120_000, 3_600_000]);
});

test.each(['0', '30', 's', '-1s', '1 s', ''])('%j is no duration, and the error names the option', (text) => {
  expect(() => milliseconds('--time')(text)).toThrow(`--time ${text}: expected a number with a unit`);
});
