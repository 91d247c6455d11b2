import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkBuildFolder, kernelAndFolder, targetOf } from '../../src/cli/kernel-options.ts';
import { UsageError } from '../../src/common/errors.ts';
import { folder, mmspec } from '../support/cli.ts';

describe('the kernel that options name', () => {
  test('lies in its build folder, and the folder around it', () => {
    const kernel = resolve('/k/arch/x86/boot/bzImage');
    expect(kernelAndFolder({ kdir: '/k' })).toEqual({ kernel, kdir: '/k' });
    expect(kernelAndFolder({ kernel })).toEqual({ kernel, kdir: '/k' });
    expect(kernelAndFolder({ kernel: '/boot/bzImage', kdir: '/k' })).toEqual({ kernel: '/boot/bzImage', kdir: '/k' });
    expect(() => kernelAndFolder({ kernel: '/boot/bzImage' })).toThrow(/needs --kdir/);
  });

  test('leaves the target as it is without a kernel', async () => {
    expect(await targetOf('embedded', {})).toBe('embedded');
    expect(await targetOf(undefined, {})).toBeUndefined();
  });

  test('is refused in a folder where no kernel can be built', () => {
    const build = folder();
    expect(() => checkBuildFolder(build)).toThrow(
      /has no Makefile; name the build folder of your kernel: npx mmspec watch/,
    );
    expect(() => checkBuildFolder('/no/such/folder')).toThrow(/there is no folder \/no\/such\/folder; name/);
    writeFileSync(join(build, 'Makefile'), '');
    checkBuildFolder(build);
  });

  test('must fit the target', async () => {
    await expect(targetOf('embedded', { kdir: '/k' })).rejects.toThrow(/name a kernel, such as linux:patched/);
    const watch = await mmspec(['watch', '--target', 'embedded']);
    expect(watch).toMatchObject({ code: 2, stderr: expect.stringContaining('name a kernel, such as linux:patched') });
    await expect(targetOf('linux:bookworm', { kdir: '/k' })).rejects.toThrow(/reserved for a suite/);
    await expect(targetOf(undefined, { kdir: '/no/such/folder' })).rejects.toThrow(UsageError);
  });
});
