import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openLinux } from '../../../src/targets/linux/index.ts';

test('opening a kernel that is not prepared is an error, with the command that prepares it', async () => {
  vi.stubEnv('XDG_CACHE_HOME', join(tmpdir(), 'mmspec-no-such-folder'));
  await expect(openLinux('bookworm')).rejects.toThrow(/mmspec linux prepare bookworm/);
  await expect(openLinux('trixie-arm64')).rejects.toThrow(/mmspec linux prepare trixie --arch arm64/);
  await expect(openLinux('mine')).rejects.toThrow(/prepare --kernel .* --kdir \. --name mine/);
  vi.unstubAllEnvs();
});
