/** How sure it is that a counterexample is the shortest. */
export interface Certificate {
  /** Every shorter program over the counterexample's own calls and arguments was tried, and none fails this way. */
  readonly certified: boolean;
  /** All programs of up to so many steps were tried. */
  readonly steps: number;
  /** Programs that were tried. */
  readonly tried: number;
  /** What it says, in words. */
  readonly text: string;
}
