import { expect, test } from 'vitest';
import { qemuCommand } from '../../../src/targets/linux/machine/qemu.ts';
import { bootCommand } from '../../../src/targets/linux/machine/template.ts';

const PREPARED = {
  name: 'x',
  folder: '/x',
  suite: 'x',
  kdir: undefined,
  release: '6',
  version: '',
  harness: '',
  at: '',
};
const MACHINE = { cpus: 2, memory: 512, threads: 'single', fault: undefined, append: 'quiet' } as const;

test('a machine has the architecture of its kernel', () => {
  const amd64 = qemuCommand(PREPARED, MACHINE);
  const arm64 = qemuCommand({ ...PREPARED, arch: 'arm64' }, MACHINE);
  expect(amd64[0]).toBe('qemu-system-x86_64');
  expect(amd64.join(' ')).toMatch(/console=ttyS0 .*tsc=reliable no_timer_check quiet/);
  expect(arm64[0]).toBe('qemu-system-aarch64');
  expect(arm64.join(' ')).toMatch(/-machine virt,memory-backend=ram .*console=ttyAMA0 .* quiet/);
  expect(() => qemuCommand({ ...PREPARED, arch: 'm68k' }, MACHINE)).toThrow(
    /unknown architecture m68k\n.*\n +amd64 +arm64/,
  );
});

test('a kernel that boots slowly with one thread boots its template with several', () => {
  const accelerator = (arch: string): string => bootCommand({ ...PREPARED, arch }, MACHINE, '/x').join(' ');
  expect(accelerator('armhf')).toContain('-accel tcg,thread=multi ');
  expect(accelerator('arm64')).toContain('-accel tcg,thread=single ');
  expect(qemuCommand({ ...PREPARED, arch: 'armhf' }, MACHINE).join(' ')).toContain('-accel tcg,thread=single ');
});

test('only a kernel with KASAN gets the option to report each bug', () => {
  const words = (options: readonly string[]): string => qemuCommand({ ...PREPARED, options }, MACHINE).join(' ');
  expect(words(['SMP', 'KASAN'])).toContain(' kasan_multi_shot quiet');
  expect(words(['SMP', 'LOCKDEP'])).not.toContain('kasan');
});
