import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { writeError } from './errors.ts';

/**
 * Creates a folder and those above it. Node's own recursive `mkdir` does not return where no folder can be created, such
 * as below /proc.
 */
export function makeFolder(folder: string): void {
  const path = resolve(folder);
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have created it.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The file behind a path; the path itself if the file does not exist. */
function fileBehind(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Whether the path is a device or a pipe: a text is written into it, and it is not replaced. */
const isSpecial = (path: string): boolean => existsSync(path) && !statSync(path).isFile();

/**
 * Writes a file; its folder is created if necessary. The file is either complete or as it was before, also when the disk
 * is full or two processes write it at the same time.
 * @throws Error of the file system.
 */
export function writeWhole(path: string, content: string | Uint8Array): void {
  makeFolder(dirname(path));
  if (isSpecial(path)) return writeFileSync(path, content);
  const file = fileBehind(path);
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, file);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
}

/**
 * Writes a file that the user named: see `writeWhole`.
 * @throws UsageError or WriteFailure that names the file.
 */
export function writeNamed(path: string, text: string): void {
  try {
    writeWhole(path, text);
  } catch (error) {
    throw writeError(path, error);
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What went wrong before is more important.
  }
}
