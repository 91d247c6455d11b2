import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { harnessHash } from '../../../src/targets/linux/harness.ts';
import { prepareOwn } from '../../../src/targets/linux/index.ts';
import { moduleKey } from '../../../src/targets/linux/prepare/module-key.ts';
import { ownKernel } from '../../../src/targets/linux/prepare/own-kernel.ts';
import { kernelFile, preparedNamed } from '../../../src/targets/linux/prepared.ts';
import { buildFolder, imageOf, writeBelow } from '../../support/built-kernel.ts';

const RELEASE = '6.12.7-me';
const scratch = mkdtempSync(join(tmpdir(), 'mmspec-kept-'));
afterAll(() => rmSync(scratch, { recursive: true }));
let kdir: string;
beforeEach(() => {
  kdir = buildFolder(mkdtempSync(join(scratch, 'kernel-')), RELEASE);
  writeBelow(kdir, 'include/linux/mm.h', 'struct page;\n');
  writeBelow(kdir, 'mm/vmalloc.c', 'int x;\n');
});

describe('the key of the harness module of a kernel', () => {
  const key = (): string => moduleKey({ kdir, release: RELEASE });

  test.each([
    ['a source file', 'mm/vmalloc.c'],
    ['when it was built', 'include/generated/compile.h'],
    ['the number of the build', 'include/generated/utsversion.h'],
  ])('stays the same when this changes: %s', (_, path) => {
    const before = key();
    writeBelow(kdir, path, 'changed, and longer than before\n');
    expect(key()).toBe(before);
  });

  test.each([
    ['a header', 'include/linux/mm.h'],
    ['a header of the architecture', 'arch/x86/include/asm/tlb.h'],
    ['the exported symbols', 'Module.symvers'],
    ['the configuration', '.config'],
  ])('changes with %s', (_, path) => {
    const before = key();
    writeBelow(kdir, path, 'changed, and longer than before\n');
    expect(key()).not.toBe(before);
  });

  test('changes with the release', () => {
    expect(moduleKey({ kdir, release: '6.12.8-me' })).not.toBe(key());
  });
});

describe('a new build of a prepared kernel', () => {
  beforeEach(() => {
    vi.stubEnv('XDG_CACHE_HOME', mkdtempSync(join(scratch, 'cache-')));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  /** Prepares the kernel as if its harness had been built: nothing can be built in its folder. */
  const prepareBefore = (): string => {
    const kernel = writeBelow(kdir, 'arch/x86/boot/bzImage', imageOf(RELEASE, 1));
    const folder = join(process.env.XDG_CACHE_HOME as string, 'mmspec', 'linux', 'mine');
    writeBelow(folder, 'built/mmspec.ko', 'the module');
    writeBelow(folder, 'built/init/init', 'the first process');
    const { build } = ownKernel(kernel, kdir);
    const own = { name: 'mine', kdir, release: RELEASE, version: `build ${build}`, harness: harnessHash() };
    writeBelow(folder, 'prepared.json', JSON.stringify({ ...own, module: moduleKey(own), at: '2026-01-01T00:00:00Z' }));
    return kernel;
  };

  test('gets the module of the build before it', async () => {
    const kernel = prepareBefore();
    const before = preparedNamed('mine');
    expect(await prepareOwn('mine', kernel, kdir)).toEqual(before);
    writeBelow(kdir, 'arch/x86/boot/bzImage', imageOf(RELEASE, 2));
    for (const build of [2, 3]) {
      const image = imageOf(RELEASE, build);
      writeBelow(kdir, 'arch/x86/boot/bzImage', image);
      const after = await prepareOwn('mine', kernel, kdir);
      expect(after.version).not.toBe(before?.version);
      expect(readFileSync(kernelFile(after.folder))).toEqual(image);
      expect(readFileSync(join(after.folder, 'initrd'), 'latin1')).toContain('the module');
    }
  });

  test('gets the module of that kernel under another name, too', async () => {
    const kernel = prepareBefore();
    const other = await prepareOwn('other', kernel, kdir);
    expect(other).toMatchObject({ name: 'other', version: preparedNamed('mine')?.version });
    expect(readFileSync(join(other.folder, 'initrd'), 'latin1')).toContain('the module');
  });

  test('gets a module of its own after a change of a header', async () => {
    const kernel = prepareBefore();
    writeBelow(kdir, 'arch/x86/boot/bzImage', imageOf(RELEASE, 2));
    writeBelow(kdir, 'include/linux/mm.h', 'struct page { int x; };\n');
    await expect(prepareOwn('mine', kernel, kdir)).rejects.toThrow(/could not be prepared/);
  });
});
