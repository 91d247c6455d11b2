import type { Timing, Timings } from './timings.ts';

/** A line is slower if it takes more than this many times as long in every round, of at least `MIN_ROUNDS`. */
const SLOWER = 1.1;
const MIN_ROUNDS = 5;

/** How the time of a line compares with an earlier one. Above 1: it takes longer now. */
export interface Ratio {
  readonly line: string;
  readonly ratio: number;
  /** The spread: the least and the largest ratio that two rounds have. */
  readonly least: number;
  readonly most: number;
  /** Even `least` is more than 10% above 1, and there are enough rounds to trust it. */
  readonly slower: boolean;
}

/** The middle value; between two, the middle of both. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const { length } = sorted;
  return (sorted[(length - 1) >> 1] + sorted[length >> 1]) / 2;
}

const ratioOf = (line: string, rounds: number, ratio: number, least: number, most: number): Ratio => ({
  line,
  ratio,
  least,
  most,
  slower: rounds >= MIN_ROUNDS && least > SLOWER,
});

/** The lines that both have, with the earlier ones. */
function shared(now: Timings, before: Timings): [Timing, Timing][] {
  const earlier = new Map(before.timings.map((timing) => [timing.line, timing]));
  return now.timings.flatMap((timing) => {
    const other = earlier.get(timing.line);
    return other?.unit === timing.unit ? [[timing, other] as [Timing, Timing]] : [];
  });
}

/** Compares two measurements that were made one after the other: the ratio of the medians. */
export const compareTimings = (now: Timings, before: Timings): Ratio[] =>
  shared(now, before).map(([{ line, values }, { values: others }]) =>
    ratioOf(
      line,
      Math.min(values.length, others.length),
      median(values) / median(others),
      Math.min(...values) / Math.max(...others),
      Math.max(...values) / Math.min(...others),
    ),
  );

/** Compares two measurements whose rounds took turns: the median of the ratios, round by round. */
export const comparePairs = (now: Timings, before: Timings): Ratio[] =>
  shared(now, before).map(([{ line, values }, { values: others }]) => {
    const ratios = values.slice(0, others.length).map((value, round) => value / others[round]);
    return ratioOf(line, ratios.length, median(ratios), Math.min(...ratios), Math.max(...ratios));
  });

/** One round of several: appends the values of `round` to those of `timings`. */
export function addRound(timings: Timings | undefined, round: Timings): Timings {
  if (!timings) return round;
  const values = new Map(round.timings.map((timing) => [timing.line, timing.values]));
  const longer = timings.timings.map((one) => ({ ...one, values: [...one.values, ...(values.get(one.line) ?? [])] }));
  return { ...timings, timings: longer };
}

/** Prints ratios, one line for each. */
export function printRatios(ratios: readonly Ratio[]): string {
  const width = Math.max(...ratios.map(({ line }) => line.length));
  const print = (value: number): string => value.toFixed(2);
  return ratios
    .map(({ line, ratio, least, most, slower }) => {
      const spread = `(${print(least)} to ${print(most)})`;
      return `  ${line.padEnd(width)}  ${print(ratio)}  ${spread}${slower ? '  slower' : ''}\n`;
    })
    .join('');
}
