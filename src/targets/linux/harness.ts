import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../common/package.ts';

/** The folder with the sources of the harness. */
export const harnessFolder = (): string => join(PACKAGE_ROOT, 'fixtures', 'linux');

/** Paths of the files that are compiled, relative to the folder. */
function sourceFiles(folder: string): string[] {
  const wanted = (name: string) => /\.[ch]$|\.def$|^Makefile$/.test(name);
  const inside = (part: string) =>
    readdirSync(join(folder, part))
      .filter(wanted)
      .map((name) => join(part, name));
  return ['.', 'arch', 'init'].flatMap(inside).sort();
}

/** A short hash of the files that are compiled. */
export function harnessHash(): string {
  const folder = harnessFolder();
  const hash = createHash('sha256');
  for (const file of sourceFiles(folder))
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(folder, file)));
  return hash.digest('hex').slice(0, 16);
}

/** Copies the sources to a folder where the kernel's build system can write. */
export function copyHarness(to: string): void {
  const folder = harnessFolder();
  for (const part of ['arch', 'init']) mkdirSync(join(to, part), { recursive: true });
  for (const file of sourceFiles(folder)) cpSync(join(folder, file), join(to, file));
}
