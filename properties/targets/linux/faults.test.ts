import { expect, test } from 'vitest';
import { listFaults } from '../../../src/targets/linux/index.ts';

test('every fault has a name, a clause and a summary', () => {
  const faults = listFaults();
  expect(faults.length).toBeGreaterThanOrEqual(20);
  for (const { name, breaks, summary } of faults) {
    expect(name).toMatch(/^[a-z0-9-]+$/);
    expect(breaks).toMatch(/^[A-Z0-9]+-[0-9]+$/);
    expect(summary).toMatch(/^\S.*\S$/);
  }
});
