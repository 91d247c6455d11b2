import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Options of node for a benchmark. The benchmark keeps the programs that it draws first. V8 would conclude that all
 * programs live long, and allocate the later ones in its old space, which a run does not do.
 */
export const BENCH_NODE_OPTIONS: readonly string[] = ['--no-allocation-site-pretenuring', '--import', 'tsx'];

/**
 * Checks out a revision into a temporary folder, passes the folder to `act`, and removes it, also where a signal ends the
 * process.
 * @param root the repository; its `node_modules` are shared.
 */
export async function inRevision<T>(root: string, revision: string, act: (folder: string) => Promise<T>): Promise<T> {
  const git = (...args: string[]): string => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' });
  const folder = join(mkdtempSync(join(tmpdir(), 'mmspec-base-')), 'tree');
  const remove = (): void => {
    git('worktree', 'remove', '--force', folder);
    rmSync(dirname(folder), { recursive: true });
  };
  const stop = (): never => process.exit(130);
  git('worktree', 'add', '--quiet', '--detach', folder, revision);
  process.once('exit', remove);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    return await act(folder);
  } finally {
    process.off('exit', remove);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
    remove();
  }
}
