import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { folder } from '../support/cli.ts';
import { until } from '../support/processes.ts';
import { BEHAVIOURS, BUDGET_MS, MAX_MEMORY } from './behaviours.ts';
import { MARGIN_MS, marked, runKit, startTime } from './kit.ts';
import { hostileTarget } from './targets.ts';

/** Each hostile behaviour against each promise: the command line runs as users run it, in a process of its own. */

// The rows wait most of their time, so some of them run side by side.
describe.concurrent.each(BEHAVIOURS)('the target $summary', (behaviour) => {
  test('every promise holds', async () => {
    const { says, exit, saves } = behaviour;
    const cwd = folder();
    const { spec, env = {}, end } = await hostileTarget(behaviour, cwd);
    // On a busy machine the start of the kit counts too, as measured. A target that behaves must have time to start.
    let startMs = await startTime();
    const budget = Math.round(BUDGET_MS + startMs);
    const { mark, ended } = runKit(['run', '--target', spec, '--time', `${budget}ms`, '--seed', '1'], cwd, env);
    const { code, output, memory, milliseconds } = await ended;
    end?.();
    expect(output).toContain(says);
    expect(exit, output).toContain(code);
    expect(output).not.toContain('\u001b');
    expect(output).not.toMatch(/^\s*::/m);
    const files = readdirSync(cwd, { recursive: true }).join('\n');
    if (saves === 'counterexample') expect(files).toMatch(/\.mm$/m);
    if (saves === 'programs') expect(files).toMatch(/failed-.*\.txt$/m);
    expect(memory).toBeLessThan(MAX_MEMORY);
    const limit = budget + MARGIN_MS;
    // Other work may have begun on the machine since the start was measured.
    if (milliseconds >= limit + 3 * startMs) startMs = Math.max(startMs, await startTime());
    expect(milliseconds).toBeLessThan(limit + 3 * startMs);
    await until(() => marked(mark).length === 0);
  });
});
