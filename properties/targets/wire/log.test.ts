import { expect, test } from 'vitest';
import { BoundedLog } from '../../../src/targets/wire/log.ts';

test('a log keeps its first and its last lines', () => {
  const log = new BoundedLog(2);
  for (let i = 0; i < 10; i++) log.add(`line ${i}`);
  expect(log.text).toBe('line 0\nline 1\n... 6 lines dropped ...\nline 8\nline 9\n');
  expect(log.lastLine).toBe('line 9');
});
