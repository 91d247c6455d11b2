import { readFileSync } from 'node:fs';
import { BLOCKS, blockCost } from './blocks.ts';
import { growth } from './growth.ts';
import { throughput } from './throughput.ts';

/** One line of the benchmark, measured several times. Less is better. */
export interface Timing {
  /** Section and line: `throughput judge`. */
  readonly line: string;
  readonly unit: string;
  /** Processor time, once for each round. */
  readonly values: readonly number[];
}

/** What `npm run bench -- --json` prints. */
export interface Timings {
  readonly format: typeof FORMAT;
  readonly node: string;
  readonly timings: readonly Timing[];
}

const FORMAT = 'mmspec bench 1';

/** A line, and what it took in one round. */
type Measured = readonly [line: string, unit: string, value: number];

const MEASURE = {
  throughput: () => throughput().map(({ part, microseconds }): Measured => [part, 'us/step', microseconds]),
  growth: () => growth().map(({ live, microseconds }): Measured => [`${live} live pages`, 'us/step', microseconds]),
  blocks: () =>
    BLOCKS.map(([lanes, steps]): Measured => [`${lanes} x ${steps}`, 'ms/block', blockCost(lanes, steps).milliseconds]),
} satisfies Record<string, () => Measured[]>;

type TimedSection = keyof typeof MEASURE;

/** The sections that measure time. */
export const TIMED_SECTIONS = Object.keys(MEASURE) as readonly TimedSection[];

/** Whether a section measures time. */
export const isTimed = (section: string): section is TimedSection => Object.hasOwn(MEASURE, section);

/** Measures sections once for each round. */
export function measureTimings(sections: readonly TimedSection[], rounds: number): Timings {
  const timings = new Map<string, { unit: string; values: number[] }>();
  for (let round = 0; round < rounds; round++) {
    for (const section of sections) {
      for (const [name, unit, value] of MEASURE[section]()) {
        const line = `${section} ${name}`;
        const timing = timings.get(line);
        if (timing) timing.values.push(value);
        else timings.set(line, { unit, values: [value] });
      }
    }
  }
  const list = [...timings].map(([line, timing]) => ({ line, ...timing }));
  return { format: FORMAT, node: process.version, timings: list };
}

const isTiming = (one: Partial<Timing>): boolean =>
  typeof one.line === 'string' &&
  typeof one.unit === 'string' &&
  Array.isArray(one.values) &&
  one.values.length > 0 &&
  one.values.every((value) => typeof value === 'number' && value > 0);

/**
 * Reads what `npm run bench -- --json` printed.
 * @param source where the text is from, for the message.
 * @throws Error if it is something else.
 */
export function parseTimings(text: string, source: string): Timings {
  const refuse = (problem: string): never => {
    throw new Error(`${source} ${problem}; expected the output of: npm run --silent bench -- --json`);
  };
  let data: Partial<Timings> | null = null;
  try {
    data = JSON.parse(text) as Partial<Timings> | null;
  } catch {
    refuse('is not JSON');
  }
  if (data?.format !== FORMAT) return refuse(`has no "format": "${FORMAT}"`);
  if (!Array.isArray(data.timings) || !data.timings.every(isTiming)) return refuse('has malformed timings');
  return data as Timings;
}

/**
 * Reads timings from a file.
 * @throws Error if the file cannot be read, or holds something else.
 */
export function readTimings(file: string): Timings {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`cannot read ${file}: ${(error as Error).message}`);
  }
  return parseTimings(text, file);
}
