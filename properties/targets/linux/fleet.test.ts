import { describe, expect, test } from 'vitest';
import { Fleet } from '../../../src/targets/linux/machine/fleet.ts';
import type { Target } from '../../../src/targets/target.ts';
import { programOf } from '../../support/programs.ts';

describe('a fleet', () => {
  const program = programOf('@0 vm_unmap_aliases');
  /** A member that answers after this many turns of the event loop, and records the order in which programs came. */
  const member = (turns: number) => {
    const ran: number[] = [];
    const target: Target = {
      manifest: {} as Target['manifest'],
      async run(programs) {
        for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
        ran.push(...programs.map(({ frames }) => frames));
        return programs.map((each) => ({ program: each, outcomes: [] }));
      },
      async fresh() {
        ran.length = 0;
      },
      close: async () => {},
    };
    return { target, ran };
  };
  const programs = (count: number) => Array.from({ length: count }, (_, frames) => ({ ...program, frames }));

  test('answers in the order of the programs, even if one member is slower', async () => {
    const members = [member(5), member(1)];
    const fleet = new Fleet(members.map(({ target }) => target));
    const answers = await fleet.run(programs(100));
    expect(answers.map((answer) => answer.program.frames)).toEqual(programs(100).map(({ frames }) => frames));
    for (const { ran } of members) expect(ran.length).toBeGreaterThan(0);
  });

  test('runs all programs after fresh() on the same member, in order', async () => {
    const [first, second] = [member(5), member(1)];
    const fleet = new Fleet([first.target, second.target]);
    await fleet.run(programs(20));
    await fleet.fresh();
    await fleet.run(programs(40));
    expect(first.ran).toEqual(programs(40).map(({ frames }) => frames));
    expect(second.ran).toEqual([]);
    await fleet.run(programs(40));
    expect(second.ran).not.toEqual([]);
  });
});
