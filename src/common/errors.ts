/**
 * Wrong use of the command line, or wrong input. The message says what is wrong and what is expected. Exit code 2.
 *
 * @example
 * ```ts
 * import { openTarget, UsageError } from 'mmspec';
 *
 * try {
 *   await openTarget('mutant:no-such-mutant');
 * } catch (error) {
 *   if (!(error instanceof UsageError)) throw error;
 *   console.log(error.message); // unknown mutant no-such-mutant...
 * }
 * ```
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A recorded trace cannot be judged: a step is undefined, or an outcome breaks the grammar. Exit code 3. */
export class UnjudgedTrace extends Error {
  override readonly name = 'UnjudgedTrace';
}

/** A file could not be written, for a reason that may be gone the next time: the disk is full, or broken. Exit code 3. */
export class WriteFailure extends Error {
  override readonly name = 'WriteFailure';
}

/** Reasons why a path is wrong, as opposed to a disk that is full or broken. */
const WRONG_PATH = ['ENOENT', 'EACCES', 'EPERM', 'EISDIR', 'ENOTDIR', 'EROFS', 'ENAMETOOLONG', 'ELOOP', 'EINVAL'];

/** The error for a path that the user named and that could not be written. */
export function writeError(path: string, error: unknown): UsageError | WriteFailure {
  const { code, message } = error as NodeJS.ErrnoException;
  const text = `cannot write ${path}: ${code ?? message}`;
  return WRONG_PATH.includes(code ?? '') ? new UsageError(text) : new WriteFailure(text);
}
