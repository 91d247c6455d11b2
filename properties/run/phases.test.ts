import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Program } from '../../reference/calls/valid.ts';
import { type Part, Parts } from '../../src/run/phases.ts';

const PROGRAM: Program = { cpus: 1, frames: 1, steps: [], blocks: [] };

/** A part of this many programs, whose number is unknown until they were read. */
const partOf = (name: string, size: number): Part => ({
  name,
  unfit: 0,
  *programs() {
    for (let i = 0; i < size; i++) yield PROGRAM;
  },
});

/** Reads this many programs. */
function read(parts: Parts, count: number): void {
  const programs = parts.programs();
  for (let i = 0; i < count; i++) programs.next();
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the phases of a run', () => {
  test('say how far each part got, in order', () => {
    const parts = new Parts([partOf('a', 3), partOf('b', 5)]);
    read(parts, 6);
    expect(parts.phases(5, 10)).toEqual([
      { name: 'a', done: 3, left: 0, unfit: 0 },
      { name: 'b', done: 2, left: 3, unfit: 0 },
      { name: 'random', done: 0, left: 10, unfit: 0 },
    ]);
    expect(parts.phases(5, 'none').length).toBe(2);
  });

  test('of two shards add up to the whole', () => {
    const parts = new Parts([partOf('a', 3), partOf('b', 5)]);
    const shards = [0, 1].map((index) => parts.phases(100, 7, { index, of: 2 }));
    expect(shards[0].map(({ done }, i) => done + shards[1][i].done)).toEqual([3, 5, 7]);
  });

  test('never count the programs of one part for the next, however slow counting is', () => {
    let clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      clock += 1000;
      return clock;
    });
    const parts = new Parts([partOf('small', 100_000)]);
    read(parts, 5000);
    const [small, random] = parts.phases(5000, 10);
    expect(small).toMatchObject({ done: 5000, more: true });
    expect(random).toMatchObject({ done: 0, left: 10 });
  });
});
