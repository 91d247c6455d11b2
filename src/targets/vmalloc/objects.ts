import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { resolve } from 'node:path';
import { runCommand } from '../linux/command.ts';
import { writeAtomically } from '../linux/prepare/files.ts';

/** Contents of files as hashes, each file read once in a build. */
export class Contents {
  readonly #hashes = new Map<string, string>();

  /** A hash of the file's content; `missing` if it cannot be read. */
  of(path: string): string {
    let hash = this.#hashes.get(path);
    if (hash === undefined) {
      hash = existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'missing';
      this.#hashes.set(path, hash);
    }
    return hash;
  }
}

/** The files in a list that `gcc -MD` wrote. */
export const filesOfRule = (rule: string): string[] =>
  rule
    .replace(/^[^:]*:/, '')
    .replaceAll('\\\n', ' ')
    .split(/\s+/)
    .filter((word) => word !== '');

/** A key that changes with the command and with each file that it read. */
function keyOf(command: readonly string[], files: readonly string[], contents: Contents): string {
  const hash = createHash('sha256').update(command.join('\0'));
  for (const file of files) hash.update(`\0${file}\0${contents.of(file)}`);
  return hash.digest('hex');
}

/**
 * Runs a compiler, unless the object was made by the same command from files with the same content.
 * @param command without the names of the object and of the list of headers.
 * @param object path of the object. A list of headers and a key lie beside it.
 * @param cwd the folder in which the command runs.
 * @returns whether the object is new.
 * @throws CommandFailure with the compiler's messages.
 */
export async function compile(
  command: readonly string[],
  object: string,
  cwd: string,
  contents: Contents,
): Promise<boolean> {
  const list = `${object}.d`;
  const stamp = `${object}.key`;
  const key = (): string =>
    keyOf(
      command,
      filesOfRule(readFileSync(list, 'utf8')).map((file) => resolve(cwd, file)),
      contents,
    );
  if ([object, list, stamp].every((path) => existsSync(path)) && readFileSync(stamp, 'utf8') === key()) return false;
  // Another process may build the same tree.
  const fresh = `${object}.${process.pid}`;
  await runCommand([...command, '-c', '-MD', '-MF', `${fresh}.d`, '-o', fresh], { cwd });
  renameSync(`${fresh}.d`, list);
  renameSync(fresh, object);
  writeAtomically(stamp, key());
  return true;
}
