import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../process/command.ts';
import { filesBelow } from './files.ts';

/** Whether a module lies below a folder, compressed or not. */
export const hasModule = (folder: string, name: string): boolean =>
  [...filesBelow(folder)].some((path) => path.includes(`/${name}.ko`));

/**
 * Copies modules into a folder. The names of the copies sort in loading order.
 * @param names the modules in loading order. Those that do not lie below `from` are built in.
 */
export async function collectModules(from: string, to: string, names: readonly string[]): Promise<void> {
  mkdirSync(to, { recursive: true });
  const files = [...filesBelow(from)];
  for (const [index, name] of names.entries()) {
    const file = files.find((path) => path.endsWith(`/${name}.ko`) || path.endsWith(`/${name}.ko.xz`));
    if (!file) continue;
    const copy = join(to, `${10 + index}-${name}.ko`);
    copyFileSync(file, file.endsWith('.xz') ? `${copy}.xz` : copy);
    if (file.endsWith('.xz')) await runCommand(['xz', '-d', `${copy}.xz`]);
  }
}
