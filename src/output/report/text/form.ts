/** How a text report looks. */
export interface TextForm {
  /** Width of the lines, in characters. */
  readonly width: number;
  /**
   * `usual`: clauses that held are folded. `verbose`: with the table of all clauses, and all declared traits. `quiet`: only
   * the summary.
   */
  readonly detail: 'usual' | 'verbose' | 'quiet';
}
