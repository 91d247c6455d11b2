import { expect, test } from 'vitest';
import { checkFaultShows, listRaces } from '../../../src/targets/linux/faults.ts';
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

test('a fault that only failing forks show is refused where none fails', () => {
  const refused = listFaults().filter(({ name }) => {
    try {
      checkFaultShows(name, 'trixie', false);
      return false;
    } catch (error) {
      expect(String(error)).toContain('linux:trixie,forks=fail');
      return true;
    }
  });
  expect(refused.map(({ name }) => name)).toEqual(['failed-fork-keeps-references']);
  for (const { name } of refused) expect(() => checkFaultShows(name, 'trixie', true)).not.toThrow();
});

test('the races are among the faults, and each name is there once', () => {
  const names = listFaults().map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(listRaces().length).toBeGreaterThanOrEqual(8);
  expect(names).toEqual(expect.arrayContaining(listRaces().map(({ name }) => name)));
});
