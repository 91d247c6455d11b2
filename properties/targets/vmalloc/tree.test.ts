import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTarget } from '../../../src/targets/open.ts';
import { shadow } from '../../../src/targets/vmalloc/shadow.ts';
import { kernelTree } from '../../../src/targets/vmalloc/tree.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mmspec-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (path: string, text = ''): void => {
  mkdirSync(dirname(join(folder, 'tree', path)), { recursive: true });
  writeFileSync(join(folder, 'tree', path), text);
};
const MAKEFILE = '# SPDX-License-Identifier: GPL-2.0\nVERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 117\nEXTRAVERSION =\n';
const FILES = ['mm/vmalloc.c', 'arch/um/Makefile', 'arch/x86/um/Makefile', 'lib/rbtree.c', 'lib/xarray.c'];

function putTree(): string {
  put('Makefile', MAKEFILE);
  for (const file of FILES) put(file);
  return join(folder, 'tree');
}

describe('the tree', () => {
  test('is known by the version in its Makefile', () => {
    const tree = putTree();
    expect(kernelTree(tree)).toEqual({ folder: tree, series: '6.12', version: '6.12.117' });
    put('Makefile', MAKEFILE.replace('EXTRAVERSION =', 'EXTRAVERSION = -rc3'));
    expect(kernelTree(tree).version).toBe('6.12.117-rc3');
  });

  test.each(FILES)('without %s is refused with that name', (file) => {
    const tree = putTree();
    rmSync(join(tree, file));
    if (file === 'arch/x86/um/Makefile') rmSync(join(tree, 'arch/x86/um'), { recursive: true });
    expect(() => kernelTree(tree)).toThrow(file.replace('/um/Makefile', '/um'));
  });

  test.each([
    ['', 'names no folder'],
    ['/nonexistent', 'there is no folder /nonexistent'],
    [tmpdir(), 'has no Makefile with the version of a kernel'],
    [import.meta.filename, 'has no Makefile with the version of a kernel'],
  ])('vmalloc:%s is a usage error', async (path, message) => {
    await expect(openTarget(`vmalloc:${path}`)).rejects.toThrow(message);
  });

  test('an impossible number of CPUs is a usage error', async () => {
    await expect(openTarget(`vmalloc:${putTree()}`, { cpus: 9 })).rejects.toThrow('has 1 to 8 CPUs; requested were 9');
  });

  test('other points than its own are a usage error', async () => {
    await expect(openTarget(`vmalloc:${putTree()},points=names`)).rejects.toThrow('has the points fixed and wide');
  });

  test('has no faults to inject', async () => {
    await expect(openTarget('vmalloc:/t', { fault: 'skip-flush' })).rejects.toThrow('has no faults to inject');
  });
});

describe('the copy in which the tree is configured', () => {
  test('has its files, and nothing that a build left', () => {
    const tree = putTree();
    const left = [
      '.config',
      'include/config/auto.conf',
      'include/generated/autoconf.h',
      'arch/x86/include/generated/a.h',
    ];
    for (const file of [...left, 'include/linux/mm.h', 'arch/x86/include/asm/page.h']) put(file, file);
    const copy = join(folder, 'copy');
    shadow(tree, copy);
    for (const file of left) expect(existsSync(join(copy, file)), file).toBe(false);
    expect(readFileSync(join(copy, 'include/linux/mm.h'), 'utf8')).toBe('include/linux/mm.h');
    expect(existsSync(join(copy, 'arch/x86/include/asm/page.h'))).toBe(true);
    expect(lstatSync(join(copy, 'mm')).isSymbolicLink()).toBe(true);
  });

  test('is made anew', () => {
    const tree = putTree();
    const copy = join(folder, 'copy');
    shadow(tree, copy);
    put('new.c');
    rmSync(join(tree, 'lib/rbtree.c'));
    shadow(tree, copy);
    expect(existsSync(join(copy, 'new.c'))).toBe(true);
    expect(existsSync(join(tree, 'lib/xarray.c'))).toBe(true);
  });
});
