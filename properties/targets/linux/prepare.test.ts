import { chmodSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { harnessHash } from '../../../src/targets/linux/harness.ts';
import { openLinux } from '../../../src/targets/linux/index.ts';
import { writeBelow } from '../../support/built-kernel.ts';
import { folder } from '../../support/cli.ts';

test('opening a kernel that is not prepared is an error, with the command that prepares it', async () => {
  vi.stubEnv('XDG_CACHE_HOME', join(tmpdir(), 'mmspec-no-such-folder'));
  await expect(openLinux('bookworm')).rejects.toThrow(/mmspec linux prepare bookworm/);
  await expect(openLinux('trixie-arm64')).rejects.toThrow(/mmspec linux prepare trixie --arch arm64/);
  await expect(openLinux('mine')).rejects.toThrow(/prepare --kernel .* --kdir \. --name mine/);
  vi.unstubAllEnvs();
});

test('no machine starts if the facts about the kernel cannot be read', async () => {
  const scratch = folder();
  const started = join(scratch, 'started');
  const qemu = writeBelow(
    scratch,
    'bin/qemu-system-x86_64',
    `#!/bin/sh\n[ "$1" = --version ] && echo version 1.2.3 || touch '${started}'\n`,
  );
  chmodSync(qemu, 0o755);
  vi.stubEnv('PATH', `${join(scratch, 'bin')}${delimiter}${process.env.PATH}`);
  vi.stubEnv('XDG_CACHE_HOME', join(scratch, 'cache'));
  const prepared = { name: 'mine', release: '6.12.7', version: 'build 1', harness: harnessHash(), at: '2026-01-01' };
  writeBelow(scratch, 'cache/mmspec/linux/mine/prepared.json', JSON.stringify(prepared));
  try {
    await expect(openLinux('mine,boot=fresh')).rejects.toThrow(/ENOENT.*mine.kernel/);
    expect(existsSync(started)).toBe(false);
  } finally {
    vi.unstubAllEnvs();
  }
});
