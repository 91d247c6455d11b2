import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseConfiguration } from '../../../src/targets/linux/config/check.ts';
import { notableOptions } from '../../../src/targets/linux/config/notable.ts';
import { imageText } from '../../../src/targets/linux/prepare/image.ts';
import { commitOf, sourceTree } from '../../../src/targets/linux/prepare/source-tree.ts';
import { runCommand } from '../../../src/targets/process/command.ts';
import { imageOf, writeBelow } from '../../support/built-kernel.ts';

test('a bzImage tells its release and its build, and not who compiled it', () => {
  expect(imageText(imageOf('6.12.7-me', 3).toString('latin1'))).toEqual({
    release: '6.12.7-me',
    compiled: '#3 SMP PREEMPT Mon Nov 2 10:00:00 UTC 2026',
  });
  expect(imageText('text'.repeat(1000))).toBeUndefined();
  expect(imageText('')).toBeUndefined();
});

test('reports name the options that change what a test sees', () => {
  const text =
    '# CONFIG_KASAN is not set\nCONFIG_DEBUG_VM=y\nCONFIG_NR_CPUS=64\nCONFIG_TTY=y\nCONFIG_LOCALVERSION="-me"\n';
  expect(notableOptions(parseConfiguration(text))).toEqual(['DEBUG_VM', 'NR_CPUS=64']);
});

describe('the commit of the sources', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'mmspec-commit-'));
  afterAll(() => rmSync(scratch, { recursive: true }));
  const git = (...args: string[]) =>
    runCommand(['git', '-C', scratch, '-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args]);

  test('is that of the folder itself, with a mark if files were changed', async () => {
    expect(await commitOf(scratch)).toBeUndefined();
    await git('init', '-q');
    writeBelow(scratch, 'mm/vmalloc.c', 'int x;\n');
    mkdirSync(join(scratch, 'build'));
    await git('add', '.');
    await git('commit', '-q', '-m', 'x');
    const head = (await git('rev-parse', 'HEAD')).trim();
    expect(head.startsWith((await commitOf(scratch)) as string)).toBe(true);
    expect(await commitOf(join(scratch, 'build'))).toBeUndefined();
    writeBelow(scratch, 'mm/vmalloc.c', 'int y;\n');
    expect(await commitOf(scratch)).toMatch(/^[0-9a-f]{12}-dirty$/);
    expect(sourceTree(scratch)).toBe(scratch);
  });
});
