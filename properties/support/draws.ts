/** CI draws the same programs each time, from this seed, so that only a change can make it fail. */
const SEED = 28_112_026;

/**
 * How many random programs `fc.assert` draws, and from which seed. The environment variable MMSPEC_DRAWS multiplies the
 * number. Then each run draws from a new seed, which fast-check prints if a property fails. `.ci/long judge` sets it.
 */
export function draws(numRuns: number): { readonly numRuns: number; readonly seed?: number } {
  const { MMSPEC_DRAWS: times } = process.env;
  return times === undefined ? { numRuns, seed: SEED } : { numRuns: numRuns * Number(times) };
}
