import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import { type LinuxOptions, openLinux } from '../../../src/targets/linux/index.ts';
import type { Target } from '../../../src/targets/target.ts';
import { kernel } from '../../support/kernels.ts';
import { isAlive, until } from '../../support/processes.ts';
import { answersOf, programOf } from '../../support/programs.ts';

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

  test('a warning that takes long to print is not a hang', async () => {
    const target = await open({ fault: 'zap-warns-slowly' });
    const [trace, next] = await target.run([zap, harmless]);
    expect(answersOf(trace)[1]).toMatch(/^warn "mmspec: a warning that takes long at .* warn_slowly/);
    expect(trace.outcomes).toHaveLength(3);
    expect(answersOf(next).at(-1)).toBe('ok');
  });

  test('an oops becomes the outcome of its step, and the run goes on', async () => {
    const target = await open({ fault: 'vfree-null-oopses' });
    const traces = await target.run([harmless, free, harmless]);
    expect(traces.map((trace) => trace.outcomes.length)).toEqual([3, 2, 3]);
    expect(answersOf(traces[1])[1]).toMatch(/^crash "the virtual machine shut down: BUG: .*NULL pointer dereference/);
  });

  test('a private copy belongs to the VMA that is mapped there now, where an older one was unmapped in parts', async () => {
    const target = await open();
    const { page } = target.manifest;
    const at = (pages: number): string => (pages === 0 ? 'v1' : `v1+0x${(pages * page).toString(16)}`);
    const lines = [
      '@0 v0 = mmap o0 1 plain shared',
      '@0 v1 = mmap o0 2 plain shared after=v0',
      `@0 vm_munmap ${at(0)} ${at(1)}`,
      `@0 vm_munmap ${at(1)} ${at(2)}`,
      '@0 v2 = mmap o0 1 pfnmap private remap=f0 after=v0',
      '@0 break_cow v2',
      '@0 read v2',
    ];
    const [trace] = await target.run([programOf(...lines)]);
    expect(answersOf(trace).at(-1)).toBe('v2:0');
  });

  test('what flushes one page of an area leaves the translations of the others', async () => {
    const target = await open();
    const map = ['@0 a0 = vm_map_ram f0 f1', '@0 read a0', '@0 read a0+0x1000', '@0 vm_unmap_ram a0 2'];
    const program = programOf(...map, '@0 reread a0', '@0 read a0+0x1000');
    // A timer interrupt may evict a translation.
    const answers = (await target.run(Array.from({ length: 5 }, () => program))).map((trace) =>
      answersOf(trace).slice(-2),
    );
    const exact = target.manifest.name.endsWith('x86_64');
    if (exact) expect(answers).toContainEqual(['fault', 'f1']);
    for (const [reread] of answers) expect(reread).toBe('fault');
  });

  describe('schedules', () => {
    const steps = ['@0 vunmap a0', '@0 vm_unmap_aliases', '@1 a1 = vmap f1', '@1 vm_unmap_aliases', 'end'];
    const scheduled = (attributes: string) => programOf('@0 a0 = vmap f0', `par ${attributes}`, ...steps);

    test('interleave in the same way each time', async () => {
      const target = await open();
      for (const schedule of ['-', '1', '0:2,1', '0:4,1:3,0', '1:4,0:2,1,0']) {
        const [answer] = await target.run([scheduled(`schedule=${schedule} repeat=10`)]);
        const runs = [...answer.earlier!, answer];
        expect(runs).toHaveLength(10);
        expect(new Set(runs.map(({ courses, times }) => JSON.stringify({ courses, times }))).size).toBe(1);
      }
    });

    test('sweep a preemption over a lane, and name each place', async () => {
      const target = await open();
      const [answer] = await target.run([scheduled('schedule=0:1,1 step=1 repeat=40')]);
      const runs = [...answer.earlier!, answer];
      const stops = runs.flatMap(({ courses }) => courses![0].stops.filter(({ stuck }) => !stuck));
      expect(stops.map(({ passages }) => passages)).toEqual(stops.map((_, i) => i + 1));
      expect(stops.map(({ place }) => place)).toContain('step3');
      expect(stops.map(({ place }) => place)).toContainEqual(expect.stringMatching(/purge_vmap/));
      expect(runs.length).toBeLessThan(40);
    });

    test('are picked, so that lanes stop only inside calls, and fail in the same way when they are given', async () => {
      const target = await open();
      const [answer] = await target.run([scheduled('schedule=0,1,0 repeat=5 pick=7')]);
      const runs = [...answer.earlier!, answer];
      expect(runs).toHaveLength(5);
      const stops = runs.slice(1).flatMap(({ courses }) => courses![0].stops.filter(({ stuck }) => !stuck));
      expect(stops.length).toBeGreaterThan(4);
      expect(stops.filter(({ place }) => place.startsWith('step'))).toEqual([]);
      const given = await target.run(runs.map(({ program }) => program));
      expect(given.map(({ courses }) => courses)).toEqual(runs.map(({ courses }) => courses));
    });

    test('a lane that waits for a held lane is reported, and the block ends', async () => {
      const target = await open();
      // Both lanes need the purge lock. Lane 0 is held with it at each place that it passes within the purge.
      const [answer] = await target.run([scheduled('schedule=0:4,1 step=1 repeat=3')]);
      const runs = [...answer.earlier!, answer];
      expect(runs.flatMap(({ courses }) => courses![0].stops).some(({ stuck }) => stuck)).toBe(true);
      expect(runs.every(({ outcomes }) => outcomes.length === 5)).toBe(true);
    });

    test('are not offered when CPUs run at the same time', async () => {
      const target = await openLinux(`${kernel},threads=multi`);
      opened.push(target);
      expect(target.manifest.can.has('schedule')).toBe(false);
      expect((await target.run([scheduled('schedule=0:2,1')]))[0].outcomes).toHaveLength(5);
    });
  });

  test('a function counts as entered only if a step entered it, not the clean-up', async () => {
    const target = await openLinux(`${kernel},functions=watch`);
    opened.push(target);
    const { functions = [] } = target.manifest;
    expect(functions).toEqual(expect.arrayContaining(['vunmap', 'vm_unmap_aliases', 'unmap_mapping_range']));
    await target.run([programOf('@0 a0 = vmap f0')]);
    expect(target.entered!()).not.toContain('vunmap'); // the clean-up calls it, but no step does
    await target.run([programOf('@0 a0 = vmap f0', '@1 vunmap a0')]);
    expect(target.entered!()).toContain('vunmap');
    expect(target.entered!()).not.toContain('unmap_mapping_range');
  });

  test('each step that warns has a warning as its outcome, however many do', async () => {
    const target = await open();
    const warning = new Array(66).fill('@0 apply_to_page_range a0 a0');
    const [trace] = await target.run([programOf('@0 a0 = get_vm_area 0x1000', ...warning, '@0 read a0')]);
    const answers = answersOf(trace).slice(1, -1);
    expect(answers.filter((answer) => /^warn "WARNING at .*__apply_to_page_range"$/.test(answer))).toHaveLength(64);
    expect(answers.slice(64)).toEqual(new Array(2).fill('warn "a warning whose text was not kept"'));
  });

  test('fail_after makes one fork fail, which leaves the counts as they were', async () => {
    const target = await openLinux(`${kernel},forks=fail`);
    opened.push(target);
    expect(target.manifest.can.has('fail_after')).toBe(true);
    const mapped = ['@0 v0 = mmap o0 1 mixedmap shared', '@0 vm_insert_page v0 v0 f0'];
    const forked = ['@0 m0 = fork', '@0 page_count f0', '@0 m1 = fork', '@0 page_count f0'];
    const [trace] = await target.run([programOf(...mapped, '@0 fail_after 0', ...forked)]);
    expect(answersOf(trace).slice(-4)).toEqual(['-ENOMEM', '1', 'ok', '2']);

    // A fork copies nothing but the page of the program, which is why it takes one page table.
    const [other] = await target.run([programOf(...mapped, '@0 fail_after 1', '@0 m0 = fork', '@0 page_count f0')]);
    expect(answersOf(other).slice(-2)).toEqual(['ok', '2']);
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
