import { expect, test } from 'vitest';
import { qemuCommand } from '../../../src/targets/linux/machine/qemu.ts';

test('a machine has the architecture of its kernel', () => {
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
    /unknown architecture m68k\n.*\n +amd64 +arm64/,
  );
});
