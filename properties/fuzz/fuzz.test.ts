import { expect, test } from 'vitest';
import { fuzz } from './fuzz.ts';
import { READERS } from './readers.ts';

/** `npm run fuzz` runs until it is stopped; here each reader gets a fixed number of texts. */

/** Inputs of each reader: together about a minute on one core. */
const INPUTS: Readonly<Record<string, number>> = { 'programs and traces': 30_000, 'the answer of a target': 5000 };
const OTHERS = 20_000;

test.each(READERS.map((reader) => [reader.name, reader] as const))(
  '%s: right texts are read',
  async (_, { seeds, read }) => {
    for (const text of seeds) expect(await read(text), text).toBe(true);
  },
);

test.each(READERS.map((reader) => [reader.name, reader] as const))(
  '%s: every text is read or refused',
  async (name, reader) => {
    const seed = Date.now() % 2 ** 31;
    await expect(fuzz(reader, seed, INPUTS[name] ?? OTHERS)).resolves.toBeUndefined();
  },
);
