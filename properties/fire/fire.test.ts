import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { folder } from '../support/cli.ts';
import { until } from '../support/processes.ts';
import { longUnless } from '../support/sizes.ts';
import { BEHAVIOURS, type Behaviour, BUDGET_MS, MAX_MEMORY } from './behaviours.ts';
import { MARGIN_MS, marked, runKit, startTime } from './kit.ts';
import { hostileTarget } from './targets.ts';

/** Each hostile behaviour against each promise: the command line runs as users run it, in a process of its own. */

/** The targets that `npm test` runs. Others make it wait for the time limit, which `commands.test.ts` tests, too. */
const QUICK: ReadonlySet<string> = new Set(['crash-at-start']);

/** How often the time budget is doubled for a target that has not come to do harm in it. */
const MORE_TIME = 3;

/** Runs the kit on the target of a row, with a budget in milliseconds. */
async function runRow(behaviour: Behaviour, budget: number) {
  const cwd = folder();
  const { spec, env = {}, end } = await hostileTarget(behaviour, cwd);
  const args = ['run', '--target', spec, '--time', `${budget}ms`, '--seed', '1', '--jobs', '1'];
  const { mark, ended } = runKit(args, cwd, env);
  const result = await ended;
  end?.();
  return { ...result, budget, mark, files: readdirSync(cwd, { recursive: true }).join('\n') };
}

test('npm test runs targets that exist', () => {
  const names = BEHAVIOURS.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining([...QUICK]));
});

// Most of the time they wait, so some of them run side by side.
for (const behaviour of BEHAVIOURS)
  test.concurrent(
    `the target ${behaviour.summary}: every promise holds`,
    longUnless(QUICK.has(behaviour.name)),
    async () => {
      const { says, exit, saves } = behaviour;
      // On a busy machine starting takes long, as measured. A target that behaves must have time to start.
      let startMs = await startTime();
      let row = await runRow(behaviour, Math.round(BUDGET_MS + startMs));
      for (let more = 0; more < MORE_TIME && !row.output.includes(says); more++)
        row = await runRow(behaviour, 2 * row.budget);
      const { code, output, memory, milliseconds, waited, mark, files } = row;
      expect(output).toContain(says);
      expect(exit, output).toContain(code);
      expect(output).not.toContain('\u001b');
      expect(output).not.toMatch(/^\s*::/m);
      if (saves === 'counterexample') expect(files).toMatch(/\.mm$/m);
      if (saves === 'programs') expect(files).toMatch(/failed-.*\.txt$/m);
      expect(memory).toBeLessThan(MAX_MEMORY);
      const limit = row.budget + MARGIN_MS + waited;
      // Other work may have begun on the machine since the start was measured.
      if (milliseconds >= limit + 3 * startMs) startMs = Math.max(startMs, await startTime());
      expect(milliseconds).toBeLessThan(limit + 3 * startMs);
      await until(() => marked(mark).length === 0);
    },
  );
