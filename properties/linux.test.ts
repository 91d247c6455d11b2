import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import { Console } from '../src/targets/linux/console.ts';
import { type LinuxOptions, listFaults, openLinux } from '../src/targets/linux/index.ts';
import { preparedNamed } from '../src/targets/linux/prepared.ts';
import type { Target } from '../src/targets/target.ts';
import { alive, answersOf, programOf, until } from './support/wire.ts';

const consoleOf = (...lines: string[]): Console => {
  const console = new Console();
  console.push(Buffer.from(`${lines.join('\r\n')}\r\n`));
  return console;
};

describe('the console', () => {
  test('tells in one line why a kernel died, without what differs from one run to the next', () => {
    const { reason, hung } = consoleOf(
      '[    5.000001] BUG: unable to handle page fault for address: ffffc90000400000',
      '[    5.000002] Oops: 0002 [#1] PREEMPT SMP NOPTI',
      '[    5.000003] RIP: 0010:vunmap_range_noflush+0x20/0x40',
      '[    5.000004] Kernel panic - not syncing: Fatal exception',
    );
    expect(reason).toBe('BUG: unable to handle page fault for address: ADDRESS in vunmap_range_noflush');
    expect(hung).toBe(false);
  });

  test('knows a step that does not come back', () => {
    expect(consoleOf('[    6.676977] mmspec: a step does not come back').hung).toBe(true);
  });
});

test('every fault names a clause and says what it does', () => {
  const faults = listFaults();
  expect(faults.length).toBeGreaterThanOrEqual(20);
  for (const { name, breaks, summary } of faults) {
    expect(name).toMatch(/^[a-z0-9-]+$/);
    expect(breaks).toMatch(/^[A-Z0-9]+-[0-9]+$/);
    expect(summary).toMatch(/^\S.*\S$/);
  }
});

/** Real kernels: those that `mmspec linux prepare` has made ready on this machine, where MMSPEC_KERNELS is set. */
const kernel = process.env.MMSPEC_KERNELS
  ? ['bookworm', 'trixie', 'bullseye', 'trixie-backports'].find((suite) => preparedNamed(suite))
  : undefined;

/** Process numbers of the virtual machines that this process has started. */
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

  test('a step that hangs becomes its timeout, and the run goes on', async () => {
    const target = await open({ fault: 'zap-hangs' });
    const traces = await target.run([harmless, zap, harmless]);
    expect(traces.map((trace) => answersOf(trace).at(-1))).toEqual(['ok', 'timeout', 'ok']);
    expect(traces[1].outcomes).toHaveLength(2);
  });

  test('a step that oopses becomes its crash, and the run goes on', async () => {
    const target = await open({ fault: 'vfree-null-oopses' });
    const traces = await target.run([harmless, free, harmless]);
    expect(traces.map((trace) => trace.outcomes.length)).toEqual([3, 2, 3]);
    expect(answersOf(traces[1])[1]).toMatch(/^crash "the machine went off: BUG: .*NULL pointer dereference/);
  });

  test('a machine that is killed from outside is replaced', async () => {
    const target = await open();
    const running = target.run(new Array(4000).fill(harmless));
    const [pid] = machines();
    process.kill(pid, 'SIGKILL');
    expect((await running).every((trace) => trace.outcomes.length === 3)).toBe(true);
    await until(() => !alive(pid));
  });
});
