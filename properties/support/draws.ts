/** The seed of the programs that CI compares: the same ones each time, so that it fails only for a change. */
const SEED = 28_112_026;

/**
 * How many random programs `fc.assert` draws, and from which seed. If MMSPEC_DRAWS is a number, fast-check draws other
 * programs each time, so many times as many, and prints the seed if a property fails: `.ci/long judge` does that.
 */
export function draws(numRuns: number): { readonly numRuns: number; readonly seed?: number } {
  const { MMSPEC_DRAWS: times } = process.env;
  return times === undefined ? { numRuns, seed: SEED } : { numRuns: numRuns * Number(times) };
}
