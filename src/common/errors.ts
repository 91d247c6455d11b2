/** Wrong use of the command line, or wrong input. The message says what is wrong and what is expected. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
