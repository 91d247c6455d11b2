import { expect, test } from 'vitest';
import { fuzz } from './fuzz.ts';
import { READERS } from './readers.ts';

/** `npm run fuzz` runs until it is stopped; here each reader gets a fixed number of texts. */

/** Inputs of each reader: together two seconds on one idle core. */
const INPUTS: Readonly<Record<string, number>> = { 'programs and traces': 2500, 'the answer of a target': 400 };
const OTHERS = 1600;
/** How many times as many the long tests give. */
const TIMES_MORE = 250;
const TIMEOUT_MS = 600_000;

/** Gives a reader a number of texts from a seed that the clock draws. */
const fuzzed = (name: string, times: number): Promise<void> => {
  const reader = READERS.find((one) => one.name === name)!;
  return fuzz(reader, Date.now() % 2 ** 31, (INPUTS[name] ?? OTHERS) * times);
};

test.each(READERS.map((reader) => [reader.name, reader] as const))(
  '%s: right texts are read',
  async (_, { seeds, read }) => {
    for (const text of seeds) expect(await read(text), text).toBe(true);
  },
);

const NAMES = READERS.map(({ name }) => name);

test.each(NAMES)('%s: every text is read or refused', async (name) => {
  await expect(fuzzed(name, 1)).resolves.toBeUndefined();
});

test.each(NAMES)('%s: so are many more', { tags: 'long', timeout: TIMEOUT_MS }, async (name) => {
  await expect(fuzzed(name, TIMES_MORE)).resolves.toBeUndefined();
});
