import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { command, ROOT } from './cli.ts';
import { PACKED_KIT } from './temporary.ts';

/** What stays out of the copy that is packed. */
const LEFT_OUT = new Set(['.cache', '.git', '.mmspec', 'node_modules', 'dist', 'target']);

/**
 * Packs the kit, unless another test of this run has done so. It packs a copy: packing builds the kit, and two tests must
 * not build in the same folder.
 * @returns the path of the tarball.
 */
export async function packKit(): Promise<string> {
  const shared = join(tmpdir(), PACKED_KIT);
  if (existsSync(shared)) return shared;
  const copy = mkdtempSync(join(tmpdir(), 'mmspec-packed-'));
  try {
    for (const name of readdirSync(ROOT))
      if (!LEFT_OUT.has(name)) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    const packed = await command('npm', ['pack', '--silent'], { cwd: copy });
    expect(packed.code, packed.stdout + packed.stderr).toBe(0);
    renameSync(join(copy, packed.stdout.trim().split('\n').at(-1)!), shared);
    return shared;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/**
 * Unpacks the packed kit into `node_modules` of a new folder, beside the packages of the checkout. Asks no registry.
 * @returns the folder; the caller removes it.
 */
export async function installKit(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'mmspec-installed-'));
  const modules = join(folder, 'node_modules');
  const kit = join(modules, 'mmspec');
  mkdirSync(kit, { recursive: true });
  const unpacked = await command('tar', ['xzf', await packKit(), '--strip-components=1', '-C', kit]);
  expect(unpacked.code, unpacked.stderr).toBe(0);

  const { bin } = JSON.parse(readFileSync(join(kit, 'package.json'), 'utf8'));
  const commands = join(modules, '.bin');
  mkdirSync(commands);
  symlinkSync(join(kit, bin.mmspec), join(commands, 'mmspec'));
  symlinkSync(join(ROOT, 'node_modules', '.bin', 'vitest'), join(commands, 'vitest'));
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (!name.startsWith('.') && name !== 'mmspec') symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  return folder;
}
