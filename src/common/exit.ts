/** The exit codes of the command line. */
export const EXIT = {
  /** Everything that was asked for ran, and every clause held. */
  held: 0,
  /** A clause is violated. */
  violated: 1,
  /** Wrong usage, an empty selection, or a program that is undefined for this target. */
  usage: 2,
  /** The target or the kit failed outside a step, or an answer breaks the grammar: nothing is known. */
  failed: 3,
  /** Nothing could be exercised, or less than was required. */
  untested: 4,
} as const;

/** Exit codes of `git bisect run`. Wrong usage must be `abort`: any lower code would mark a commit. */
export const BISECT = { good: 0, bad: 1, skip: 125, abort: 128 } as const;
