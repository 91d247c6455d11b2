import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

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

/**
 * The arguments of node that start one of the kit's own programs in a process of its own.
 * @param path without extension, such as `src/targets/module/host`.
 * @param loadsTypeScript whether the program loads modules of users, which may be TypeScript.
 */
export function ownProgram(path: string, loadsTypeScript: boolean): string[] {
  // The code runs as it is built, or from the sources.
  const { folder, file } = around(`${path}.js`, `${path}.ts`);
  return [...(loadsTypeScript || file.endsWith('.ts') ? typeScriptLoader() : []), join(folder, file)];
}
