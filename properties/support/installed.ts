import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { command, ROOT } from './cli.ts';

/**
 * Packs the kit and unpacks it into `node_modules` of a folder, beside the packages of the checkout, without asking a
 * registry.
 * @returns the folder; the caller removes it.
 */
export async function installKit(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'mmspec-installed-'));
  const modules = join(folder, 'node_modules');
  const kit = join(modules, 'mmspec');
  mkdirSync(kit, { recursive: true });
  const packed = await command('npm', ['pack', '--silent', '--pack-destination', folder]);
  expect(packed.code, packed.stderr).toBe(0);
  const tarball = join(folder, packed.stdout.trim().split('\n').at(-1)!);
  const unpacked = await command('tar', ['xzf', tarball, '--strip-components=1', '-C', kit]);
  expect(unpacked.code, unpacked.stderr).toBe(0);

  const { bin } = JSON.parse(readFileSync(join(kit, 'package.json'), 'utf8'));
  mkdirSync(join(modules, '.bin'));
  symlinkSync(join(kit, bin.mmspec), join(modules, '.bin', 'mmspec'));
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (!name.startsWith('.') && name !== 'mmspec') symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  for (const name of ['tsc', 'vitest'])
    symlinkSync(join(ROOT, 'node_modules', '.bin', name), join(modules, '.bin', name));
  return folder;
}
