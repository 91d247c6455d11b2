import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import { type LinuxOptions, openLinux } from '../../../src/targets/linux/index.ts';
import { preparedNamed } from '../../../src/targets/linux/prepared.ts';
import type { Target } from '../../../src/targets/target.ts';
import { isAlive, until } from '../../support/processes.ts';
import { answersOf, programOf } from '../../support/programs.ts';

/** A kernel that `mmspec linux prepare` has prepared on this machine; undefined unless MMSPEC_KERNELS is set. */
const kernel = process.env.MMSPEC_KERNELS
  ? ['bookworm', 'trixie', 'bullseye', 'trixie-backports'].find((suite) => preparedNamed(suite))
  : undefined;

/** Process ids of the virtual machines that this process has started. */
const machines = (): number[] => {
  const all = execFileSync('ps', ['-o', 'pid=,comm=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  return [...all.matchAll(/^\s*(\d+) qemu/gm)].map((match) => Number(match[1]));
};

describe.skipIf(!kernel)(`on ${kernel}`, () => {
  const opened: Target[] = [];
  const open = async (options: LinuxOptions = {}): Promise<Target> => {
    const target = await openLinux(kernel!, options);
    opened.push(target);
    return target;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((target) => target.close()));
    expect(machines()).toEqual([]);
  });

  const harmless = programOf('@0 a0 = vmap f0', '@1 read a0', '@0 vunmap a0');
  const zap = programOf('@0 v0 = mmap o0 2 pfnmap shared', '@1 zap_vma_ptes v0 v0 0x2000', '@0 read v0');
  const free = programOf('@0 a0 = vmalloc 0x1000', '@1 vfree null', '@0 read a0');

  test('a hang becomes the outcome of its step, and the run goes on', async () => {
    const target = await open({ fault: 'zap-hangs' });
    const traces = await target.run([harmless, zap, harmless]);
    expect(traces.map((trace) => answersOf(trace).at(-1))).toEqual(['ok', 'timeout', 'ok']);
    expect(traces[1].outcomes).toHaveLength(2);
  });

  test('an oops becomes the outcome of its step, and the run goes on', async () => {
    const target = await open({ fault: 'vfree-null-oopses' });
    const traces = await target.run([harmless, free, harmless]);
    expect(traces.map((trace) => trace.outcomes.length)).toEqual([3, 2, 3]);
    expect(answersOf(traces[1])[1]).toMatch(/^crash "the virtual machine shut down: BUG: .*NULL pointer dereference/);
  });

  test('a machine that is killed from outside is replaced', async () => {
    const target = await open();
    const running = target.run(new Array(4000).fill(harmless));
    const [pid] = machines();
    process.kill(pid, 'SIGKILL');
    expect((await running).every((trace) => trace.outcomes.length === 3)).toBe(true);
    await until(() => !isAlive(pid));
  });
});
