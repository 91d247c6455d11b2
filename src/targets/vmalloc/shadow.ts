import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What a build in the tree itself leaves there. The kernel's build system refuses to build in another folder then, and its
 * headers would be found first.
 */
const LEFT_BY_BUILDS: readonly string[] = [
  '.config',
  '.config.old',
  'include/config',
  'include/generated',
  'arch/um/include/generated',
  'arch/x86/include/generated',
];

/**
 * Fills a folder with links to the files of a source tree, without what a build left there. So the tree can be built for
 * another architecture without a change to it.
 * @param from the source tree.
 * @param to a folder; it is emptied first.
 */
export function shadow(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  link(from, to, '');
}

function link(from: string, to: string, inside: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    const path = `${inside}${name}`;
    if (LEFT_BY_BUILDS.includes(path)) continue;
    if (LEFT_BY_BUILDS.some((left) => left.startsWith(`${path}/`))) link(join(from, name), join(to, name), `${path}/`);
    else symlinkSync(join(from, name), join(to, name));
  }
}
