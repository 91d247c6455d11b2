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
