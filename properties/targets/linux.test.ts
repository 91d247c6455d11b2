import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { UsageError } from '../../src/common/errors.ts';
import { type LinuxOptions, listFaults, openLinux, prepareOwn } from '../../src/targets/linux/index.ts';
import { Console } from '../../src/targets/linux/machine/console.ts';
import { Fleet } from '../../src/targets/linux/machine/fleet.ts';
import { qemuCommand } from '../../src/targets/linux/machine/qemu.ts';
import { ownKernel } from '../../src/targets/linux/prepare/own-kernel.ts';
import { preparedNamed } from '../../src/targets/linux/prepared.ts';
import type { Target } from '../../src/targets/target.ts';
import { alive, answersOf, programOf, until } from '../support/wire.ts';

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
    expect(consoleOf('[    6.676977] mmspec: a step hangs').hung).toBe(true);
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

describe('a kernel that the user built is looked at before anything is made of it', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'mmspec-own-'));
  afterAll(() => rmSync(scratch, { recursive: true }));
  const write = (path: string, content: string | Buffer): string => {
    mkdirSync(dirname(join(scratch, path)), { recursive: true });
    writeFileSync(join(scratch, path), content);
    return join(scratch, path);
  };
  /** As much of a bzImage as tells its release. */
  const image = (name: string, release: string): string => {
    const bytes = Buffer.alloc(0x4000);
    bytes.write('HdrS', 0x202, 'latin1');
    bytes.writeUInt16LE(0x3000 - 0x200, 0x20e);
    bytes.write(`${release} (me@here) #1 SMP\0`, 0x3000, 'latin1');
    return write(name, bytes);
  };
  const CONFIG = 'MODULES KPROBES KALLSYMS BLK_DEV_INITRD DEVTMPFS PROC_FS SYSFS SERIAL_8250_CONSOLE PCI VIRTIO_PCI';
  const folderOf = (name: string, release: string, console = 'y'): string => {
    write(`${name}/include/generated/utsrelease.h`, `#define UTS_RELEASE "${release}"\n`);
    write(`${name}/Module.symvers`, '');
    const all = [...CONFIG.split(' ').map((option) => `CONFIG_${option}=y`), `CONFIG_VIRTIO_CONSOLE=${console}`];
    write(`${name}/.config`, `${all.join('\n')}\n`);
    return join(scratch, name);
  };
  const kernel = image('bzImage', '6.1.7-me');
  const kdir = folderOf('build', '6.1.7-me');
  write('source/Kbuild', '');
  write('headers/include/generated/utsrelease.h', '#define UTS_RELEASE "6.1.7-me"\n');

  test('one that will do', () => {
    const own = ownKernel(kernel, kdir);
    expect(own).toMatchObject({ kernel, kdir, release: '6.1.7-me', needsModules: false, modules: [] });
    expect(own.build).toMatch(/^[0-9a-f]{12}$/);
    expect(ownKernel(kernel, folderOf('modules', '6.1.7-me', 'm')).needsModules).toBe(true);
  });

  test.each([
    ['no kernel', 'nothing', 'build', /there is no kernel .*make bzImage/],
    ['no folder', 'bzImage', 'nothing', /there is no folder/],
    [
      'a kernel before it was packed',
      write('vmlinux', `\x7fELF${' '.repeat(99)}`),
      'build',
      /arch\/x86\/boot\/bzImage/,
    ],
    ['a text', write('text', 'x'.repeat(0x1000)), 'build', /is not a bzImage/],
    ['a folder of something else', 'bzImage', '.', /is neither the build folder nor the headers of a kernel/],
    ['sources that are not built', 'bzImage', 'source', /is not built; run there: make bzImage modules/],
    ['a build without modules', 'bzImage', 'headers', /no Module.symvers.*make modules/],
    ['another kernel', image('other', '6.1.8'), 'build', /is 6.1.8, but .*build belongs to 6.1.7-me/],
    ['no console', 'bzImage', folderOf('mute', '6.1.7-me', 'n'), /lacks CONFIG_VIRTIO_CONSOLE; .*-e VIRTIO_CONSOLE/],
  ])('%s', (_, image, folder, message) => {
    expect(() => ownKernel(resolve(scratch, image), resolve(scratch, folder))).toThrow(UsageError);
    expect(() => ownKernel(resolve(scratch, image), resolve(scratch, folder))).toThrow(message);
  });

  test('its name', async () => {
    await expect(prepareOwn('../x', kernel, kdir)).rejects.toThrow(/invalid name/);
    for (const name of ['bookworm', 'bookworm-arm64'])
      await expect(prepareOwn(name, kernel, kdir)).rejects.toThrow(/is reserved for a suite/);
    const modules = folderOf('modules', '6.1.7-me', 'm');
    await expect(prepareOwn('mine', kernel, modules)).rejects.toThrow(/no module is built in .*make modules/);
  });
});

test('what is not prepared is told, with the command that does it', async () => {
  vi.stubEnv('XDG_CACHE_HOME', join(tmpdir(), 'mmspec-no-such-folder'));
  await expect(openLinux('bookworm')).rejects.toThrow(/mmspec linux prepare bookworm/);
  await expect(openLinux('trixie-arm64')).rejects.toThrow(/mmspec linux prepare trixie --arch arm64/);
  await expect(openLinux('mine')).rejects.toThrow(/prepare --kernel .* --kdir \. --name mine/);
  vi.unstubAllEnvs();
});

test('a machine is of the architecture of its kernel', () => {
  const prepared = {
    name: 'x',
    folder: '/x',
    suite: 'x',
    kdir: undefined,
    release: '6',
    version: '',
    harness: '',
    at: '',
  };
  const options = { cpus: 2, memory: 512, threads: 'single', fault: undefined, append: 'quiet' } as const;
  const amd64 = qemuCommand(prepared, options);
  const arm64 = qemuCommand({ ...prepared, arch: 'arm64' }, options);
  expect(amd64[0]).toBe('qemu-system-x86_64');
  expect(amd64.join(' ')).toMatch(/console=ttyS0 .*tsc=reliable quiet/);
  expect(arm64[0]).toBe('qemu-system-aarch64');
  expect(arm64.join(' ')).toMatch(/-machine virt,memory-backend=ram .*console=ttyAMA0 .* quiet/);
  expect(() => qemuCommand({ ...prepared, arch: 'm68k' }, options)).toThrow(
    /unknown architecture m68k; .*amd64, arm64/,
  );
});

describe('machines side by side', () => {
  const program = programOf('@0 vm_unmap_aliases');
  /** A machine that answers after so long, and keeps the order in which programs came. */
  const member = (milliseconds: number) => {
    const ran: number[] = [];
    const target: Target = {
      manifest: {} as Target['manifest'],
      async run(programs) {
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
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

  test('answer in the order of the programs, whoever was slower', async () => {
    const members = [member(5), member(1)];
    const fleet = new Fleet(members.map(({ target }) => target));
    const answers = await fleet.run(programs(100));
    expect(answers.map((answer) => answer.program.frames)).toEqual(programs(100).map(({ frames }) => frames));
    for (const { ran } of members) expect(ran.length).toBeGreaterThan(0);
  });

  test('what is to come after something else runs after it, on the same machine', async () => {
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
    expect(answersOf(traces[1])[1]).toMatch(/^crash "the virtual machine shut down: BUG: .*NULL pointer dereference/);
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
