import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { folder } from '../support/cli.ts';
import { kernel } from '../support/kernels.ts';
import { until } from '../support/processes.ts';
import { marked, runKit, startTime } from './kit.ts';
import { MACHINE_BUDGET_MS, MACHINE_MARGIN_MS, MACHINES } from './machines.ts';

/** Process ids of the virtual machines that a run of the kit started. */
const machinesOf = (mark: string): number[] =>
  marked(mark)
    .filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('qemu'))
    .map(Number);

describe.skipIf(!kernel)(`on ${kernel}`, () => {
  test.each(MACHINES)('the virtual machine $summary: every promise holds', async (behaviour) => {
    const { fault, signal, says, exit, saves } = behaviour;
    const cwd = folder();
    const startMs = await startTime();
    const budget = Math.round(MACHINE_BUDGET_MS + startMs);
    const options = ['--target', `linux:${kernel}`, '--time', `${budget}ms`, '--seed', '1', '--parallel', '0'];
    const { mark, ended, output } = runKit(['run', ...options, ...(fault ? ['--fault', fault] : [])], cwd);
    if (signal) {
      await until(() => output().includes('running on'));
      for (const pid of machinesOf(mark)) process.kill(pid, signal);
    }
    const { code, milliseconds } = await ended;
    expect(output()).toContain(says);
    expect(exit, output()).toContain(code);
    if (saves) expect(readdirSync(cwd, { recursive: true }).join('\n')).toMatch(/\.mm$/m);
    expect(milliseconds).toBeLessThan(budget + MACHINE_MARGIN_MS + 3 * startMs);
    await until(() => marked(mark).length === 0);
  });

  test.each(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'a machine is gone after %s to the kit',
    async (signal) => {
      const { child, mark, ended, output } = runKit(['run', '--target', `linux:${kernel}`, '--seed', '1'], folder());
      await until(() => output().includes('running on'));
      expect(machinesOf(mark)).not.toEqual([]);
      child.kill(signal);
      const { code } = await ended;
      expect(code).not.toBe(1);
      await until(() => marked(mark).length === 0);
    },
  );
});
