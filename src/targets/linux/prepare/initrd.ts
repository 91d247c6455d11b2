import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../../common/files.ts';
import { initrdFile, modulesFolder } from '../prepared.ts';
import type { Built } from './build.ts';
import { type ArchiveEntry, packCpio } from './cpio.ts';

/** Writes the initial root file system of a prepared kernel: init, the kernel's modules, and the harness module. */
export function writeInitrd(folder: string, { init, module }: Built): void {
  const modules = readdirSync(modulesFolder(folder)).sort();
  const entries: ArchiveEntry[] = [
    ...['dev', 'proc', 'sys', 'modules'].map((path) => ({ path, mode: 0o755 })),
    { path: 'init', content: init, mode: 0o755 },
    ...modules.map((name) => ({
      path: `modules/${name}`,
      content: readFileSync(join(modulesFolder(folder), name)),
      mode: 0o644,
    })),
    // Modules are loaded in the order of their names, so this one is the last.
    { path: 'modules/99-mmspec.ko', content: module, mode: 0o644 },
  ];
  writeWhole(initrdFile(folder), packCpio(entries));
}
