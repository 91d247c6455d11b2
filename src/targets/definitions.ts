import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Finds where the sources of a target define a function: its file and line, as in `mm/vmalloc.c:2884`. */
export type Definitions = (name: string) => string | undefined;

/** Files of Linux that define most calls. They come first: mm/nommu.c defines the same names. */
const FIRST = ['mm/vmalloc.c', 'mm/memory.c'];

/** The beginning of a definition in C: no `;` between the name and the brace. A system call is defined by a macro. */
const definitionOf = (name: string): RegExp =>
  new RegExp(`^(?:SYSCALL_DEFINE\\d\\(${name},|(?:[a-z_][\\w \\t*]*[ \\t*])?${name}(?:_noprof)?\\()[^;{}]*\\n\\{`, 'm');

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;

/**
 * Where a source tree of Linux defines functions. It is read when the first one is asked for.
 * @param tree top folder of the sources. If it is not there, nothing is found.
 * @param arch the folder of the architecture in `arch/`, whose memory management is searched, too.
 *
 * @example
 * ```ts
 * definitionsIn('/usr/src/linux-source-6.12', 'x86')('vm_unmap_aliases'); // mm/vmalloc.c:2884
 * ```
 */
export function definitionsIn(tree: string, arch?: string): Definitions {
  let read: ReadonlyMap<string, string> | undefined;
  const files = (): ReadonlyMap<string, string> => {
    const folders = ['mm', ...(arch === undefined ? [] : [`arch/${arch}/mm`, `arch/${arch}/mm/pat`])];
    const found = folders
      .filter((folder) => existsSync(join(tree, folder)))
      .flatMap((folder) =>
        readdirSync(join(tree, folder))
          .filter((name) => name.endsWith('.c'))
          .sort()
          .map((name) => `${folder}/${name}`),
      );
    const first = FIRST.filter((file) => found.includes(file));
    const names = new Set([...first, ...found]);
    return new Map([...names].map((file) => [file, readFileSync(join(tree, file), 'utf8')]));
  };
  return (name) => {
    read ??= files();
    const definition = definitionOf(name);
    for (const [file, text] of read) {
      const match = text.includes(name) ? definition.exec(text) : null;
      if (match) return `${file}:${lineAt(text, match.index)}`;
    }
    return undefined;
  };
}
