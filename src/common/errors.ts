/** What the command line's exit codes mean. */
export const EXIT = {
  /** Everything asked for was run and held. */
  held: 0,
  /** A clause is violated. */
  violated: 1,
  /** Usage, an empty selection, or a program that is undefined here. */
  usage: 2,
  /** The target or the kit failed outside a step, or answered what the grammar forbids: nothing is known. */
  failed: 3,
  /** Nothing, or not what was asked for, could be exercised. */
  untested: 4,
} as const;

/** Wrong use of the command line, or wrong input: what is wrong, and what would be right. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
