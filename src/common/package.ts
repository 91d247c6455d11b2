import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** The nearest folder around this file that holds one of the given files, and that file. */
function around(...files: readonly string[]): { folder: string; file: string } {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (true) {
    const file = files.find((name) => existsSync(join(folder, name)));
    if (file) return { folder, file };
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error(
        `this installation of mmspec is incomplete: its ${files[0]} is missing; install the package mmspec again`,
      );
    folder = parent;
  }
}

/** The folder that holds package.json, both in a checkout and in the packed kit. */
export const PACKAGE_ROOT: string = around('package.json').folder;

/** The kit's version. */
export const VERSION: string = (
  JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string }
).version;

/** Options of node that load TypeScript modules. */
export const typeScriptLoader = (): string[] => [
  '--import',
  pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
];

/** The file of one of the kit's own programs: as it is built, or the source. */
function ownFile(path: string): string {
  const { folder, file } = around(`${path}.js`, `${path}.ts`);
  return join(folder, file);
}

/**
 * The arguments of node that start one of the kit's own programs in a process of its own.
 * @param path without extension, such as `src/targets/module/host`.
 * @param loadsTypeScript whether the program loads modules of users, which may be TypeScript.
 */
export function ownProgram(path: string, loadsTypeScript: boolean): string[] {
  const file = ownFile(path);
  return [...(loadsTypeScript || file.endsWith('.ts') ? typeScriptLoader() : []), file];
}

/**
 * Starts one of the kit's own programs in a thread of its own.
 * @param path without extension, such as `src/run/campaign/jobs/worker`.
 * @param data what the program finds as `workerData`.
 */
export function ownThread(path: string, data: unknown): Worker {
  const file = ownFile(path);
  if (!file.endsWith('.ts')) return new Worker(file, { workerData: data });
  // The option `--import` of node does not make a thread load TypeScript.
  const [api, program] = [import.meta.resolve('tsx/esm/api'), pathToFileURL(file).href].map((url) =>
    JSON.stringify(url),
  );
  const start = `import(${api}).then(({ register }) => { register(); return import(${program}); })`;
  return new Worker(start, { eval: true, execArgv: [], workerData: data });
}
