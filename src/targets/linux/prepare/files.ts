import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { preparedFolder } from '../cache.ts';

/** Every file below a folder. */
export function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

/** Replaces the folder of a prepared kernel: fills a new folder beside it, and swaps them when that is complete. */
export async function replaceFolder<T>(name: string, fill: (folder: string) => Promise<T>): Promise<T> {
  const folder = preparedFolder(name);
  const fresh = join(folder, '..', `.${name}.${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  try {
    const result = await fill(fresh);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
    return result;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
