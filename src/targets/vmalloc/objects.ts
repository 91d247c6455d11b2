import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeWhole } from '../../common/files.ts';
import { runCommand } from '../process/command.ts';

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

/** The file with the key with which an object or a program was made. */
const keyFile = (made: string): string => `${made}.key`;

const isMade = (path: string, key: string): boolean =>
  existsSync(path) && existsSync(keyFile(path)) && readFileSync(keyFile(path), 'utf8') === key;

/**
 * Runs a compiler, unless the object was made by the same command from files with the same content.
 * @param command without the names of the object and of the list of headers.
 * @param object path of the object. A list of headers and a key lie beside it.
 * @param cwd the folder in which the command runs.
 * @throws CommandFailure with the compiler's messages.
 */
export async function compile(
  command: readonly string[],
  object: string,
  cwd: string,
  contents: Contents,
): Promise<void> {
  const list = `${object}.d`;
  const key = (): string =>
    keyOf(
      command,
      filesOfRule(readFileSync(list, 'utf8')).map((file) => resolve(cwd, file)),
      contents,
    );
  if (existsSync(list) && isMade(object, key())) return;
  // Another process may build the same tree.
  const fresh = `${object}.${process.pid}`;
  await runCommand([...command, '-c', '-MD', '-MF', `${fresh}.d`, '-o', fresh], { cwd });
  renameSync(`${fresh}.d`, list);
  renameSync(fresh, object);
  writeWhole(keyFile(object), key());
}

/**
 * Runs a linker, unless the program was made by the same command from the same objects.
 * @param command without the names of the objects and the program.
 * @param script the linker script that the command names.
 * @param objects made by `compile`.
 * @throws CommandFailure with the linker's messages.
 */
export async function link(
  command: readonly string[],
  script: string,
  objects: readonly string[],
  program: string,
): Promise<void> {
  const key = keyOf(command, [script, ...objects.map(keyFile)], new Contents());
  if (isMade(program, key)) return;
  const fresh = `${program}.${process.pid}`;
  await runCommand([...command, ...objects, '-o', fresh]);
  renameSync(fresh, program);
  writeWhole(keyFile(program), key);
}
