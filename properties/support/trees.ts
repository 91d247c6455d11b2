import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A source tree of Linux for the tests of `vmalloc:`; undefined unless MMSPEC_VMALLOC names one. */
export const kernelSource = process.env.MMSPEC_VMALLOC;

/** Links to everything in a folder except one entry. */
function linkAll(from: string, to: string, except: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from))
    if (name !== except && !existsSync(join(to, name))) symlinkSync(join(from, name), join(to, name));
}

/** A copy of a source tree in which mm/vmalloc.c can be edited. */
export class EditedTree {
  readonly folder: string;
  readonly #original: string;

  constructor(source: string, folder: string) {
    this.folder = folder;
    this.#original = readFileSync(join(source, 'mm/vmalloc.c'), 'utf8');
    linkAll(source, folder, 'mm');
    linkAll(join(source, 'mm'), join(folder, 'mm'), 'vmalloc.c');
    this.edit();
  }

  /**
   * Replaces texts in the original file.
   * @throws Error if one of them is not there exactly once.
   */
  edit(...changes: readonly (readonly [from: string, to: string])[]): void {
    let text = this.#original;
    for (const [from, to] of changes) {
      const parts = text.split(from);
      if (parts.length !== 2)
        throw new Error(`expected once in mm/vmalloc.c, found ${parts.length - 1} times: ${from}`);
      text = parts.join(to);
    }
    writeFileSync(join(this.folder, 'mm/vmalloc.c'), text);
  }
}
