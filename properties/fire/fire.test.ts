import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { folder, ROOT } from '../support/cli.ts';
import { until } from '../support/processes.ts';
import { BEHAVIOURS, BUDGET_MS, MAX_MEMORY } from './behaviours.ts';
import { hostile, marked, runKit } from './kit.ts';

/** Each hostile behaviour against each promise: the command line runs as users run it, in a process of its own. */

/** How much longer than its budget a run may take. On a busy machine the start of the kit counts too, as measured. */
const MARGIN_MS = 2000;
let startMs = 0;

beforeAll(async () => {
  const { milliseconds } = await runKit(['list', 'profiles'], ROOT).ended;
  startMs = milliseconds;
});

describe.each(BEHAVIOURS)('$name', ({ name, after = 3, says, exit, saves }) => {
  test('every promise holds', async () => {
    const cwd = folder();
    const target = `exec:${hostile(name, after)}`;
    // On a busy machine a target that behaves must have time to start.
    const budget = Math.round(BUDGET_MS + startMs);
    const { mark, ended } = runKit(['run', '--target', target, '--time', `${budget}ms`, '--seed', '1'], cwd);
    const { code, output, memory, milliseconds } = await ended;
    expect(output).toContain(says);
    expect(exit, output).toContain(code);
    expect(output).not.toContain('\u001b');
    const files = readdirSync(cwd, { recursive: true }).join('\n');
    if (saves === 'counterexample') expect(files).toMatch(/\.mm$/m);
    if (saves === 'programs') expect(files).toMatch(/failed-.*\.txt$/m);
    expect(memory).toBeLessThan(MAX_MEMORY);
    expect(milliseconds).toBeLessThan(budget + MARGIN_MS + 3 * startMs);
    await until(() => marked(mark).length === 0);
  });
});
