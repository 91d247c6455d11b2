import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../process/command.ts';

/**
 * The sources of a kernel.
 * @param kdir its build folder. If that lies outside the sources, it has a link to them.
 */
export function sourceTree(kdir: string): string {
  const link = join(kdir, 'source');
  return existsSync(link) ? realpathSync(link) : kdir;
}

/**
 * The commit that is checked out in a folder, abbreviated, with `-dirty` if tracked files were changed; undefined if the
 * folder is not the top of a git repository.
 */
export async function commitOf(folder: string): Promise<string | undefined> {
  const git = (...args: string[]) => runCommand(['git', '-C', folder, ...args]);
  try {
    if ((await git('rev-parse', '--show-prefix')).trim() !== '') return undefined;
    return (await git('describe', '--always', '--dirty', '--abbrev=12', '--exclude=*')).trim();
  } catch {
    return undefined;
  }
}
