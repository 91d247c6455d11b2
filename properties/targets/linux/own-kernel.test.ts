import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { UsageError } from '../../../src/common/errors.ts';
import { prepareOwn } from '../../../src/targets/linux/index.ts';
import { ownKernel } from '../../../src/targets/linux/prepare/own-kernel.ts';
import { buildFolder, imageOf, writeBelow } from '../../support/built-kernel.ts';

describe('a kernel that the user built is checked before anything is made from it', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'mmspec-own-'));
  afterAll(() => rmSync(scratch, { recursive: true }));
  const write = (path: string, content: string | Buffer): string => writeBelow(scratch, path, content);
  const image = (name: string, release: string): string => write(name, imageOf(release));
  const folderOf = (name: string, release: string, console: 'y' | 'm' | 'n' = 'y'): string =>
    buildFolder(join(scratch, name), release, console);
  const kernel = image('bzImage', '6.1.7-me');
  const kdir = folderOf('build', '6.1.7-me');
  write('source/Kbuild', '');
  write('headers/include/generated/utsrelease.h', '#define UTS_RELEASE "6.1.7-me"\n');

  test('a usable kernel', () => {
    const own = ownKernel(kernel, kdir);
    expect(own).toMatchObject({ kernel, kdir, release: '6.1.7-me', needsModules: false, modules: [] });
    expect(own.build).toMatch(/^[0-9a-f]{12}$/);
    expect(ownKernel(kernel, folderOf('modules', '6.1.7-me', 'm')).needsModules).toBe(true);
  });

  test.each(['y', 'm'] as const)('modules are looked for only if a driver of virtio may be one: =%s', (console) => {
    const folder = folderOf(`drivers-${console}`, '6.1.7-me', console);
    write(`drivers-${console}/drivers/char/virtio_console.ko`, '');
    appendFileSync(join(folder, '.config'), 'CONFIG_X86_PKG_TEMP_THERMAL=m\n');
    expect(ownKernel(kernel, folder).modules).toEqual(console === 'm' ? [join(folder, 'drivers')] : []);
  });

  test.each([
    ['no kernel', 'nothing', 'build', /there is no kernel .*make bzImage/],
    ['no folder', 'bzImage', 'nothing', /there is no folder/],
    ['an ELF file', write('vmlinux', `\x7fELF${' '.repeat(99)}`), 'build', /arch\/x86\/boot\/bzImage/],
    ['a text file', write('text', 'x'.repeat(0x1000)), 'build', /is not a bzImage/],
    ['a folder without a kernel', 'bzImage', '.', /is neither the build folder nor the headers of a kernel/],
    ['sources without a build', 'bzImage', 'source', /is not built; run there: make bzImage modules/],
    ['a build without modules', 'bzImage', 'headers', /no Module.symvers.*make modules/],
    ['the folder of another kernel', image('other', '6.1.8'), 'build', /is 6.1.8, but .*build belongs to 6.1.7-me/],
    [
      'no virtio console',
      'bzImage',
      folderOf('no-console', '6.1.7-me', 'n'),
      /CONFIG_VIRTIO_CONSOLE is not set: .*\nrun there: npx mmspec linux config > /,
    ],
  ])('%s', (_, image, folder, message) => {
    expect(() => ownKernel(resolve(scratch, image), resolve(scratch, folder))).toThrow(UsageError);
    expect(() => ownKernel(resolve(scratch, image), resolve(scratch, folder))).toThrow(message);
  });

  test('its name and its modules', async () => {
    await expect(prepareOwn('../x', kernel, kdir)).rejects.toThrow(/invalid name/);
    for (const name of ['bookworm', 'bookworm-arm64'])
      await expect(prepareOwn(name, kernel, kdir)).rejects.toThrow(/is reserved for a suite/);
    const modules = folderOf('modules', '6.1.7-me', 'm');
    await expect(prepareOwn('mine', kernel, modules)).rejects.toThrow(/no module is built in .*make modules/);
  });
});
