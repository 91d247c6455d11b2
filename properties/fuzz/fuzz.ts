import { Mutator } from './mutate.ts';
import type { Reader } from './readers.ts';

/** A text that a reader neither read nor refused. */
export class Found extends Error {
  constructor({ name }: Reader, seed: number, number: number, text: string, cause: unknown) {
    const shown = text.length > 2000 ? `${text.slice(0, 2000)}... (${text.length} characters)` : text;
    super(`${name}, seed ${seed}, input ${number}: ${(cause as Error)?.stack ?? cause}\n${JSON.stringify(shown)}`, {
      cause,
    });
  }
}

/**
 * Gives a reader a number of changed texts.
 * @throws Found for the first one that it neither reads nor refuses.
 */
export async function fuzz(reader: Reader, seed: number, inputs: number): Promise<void> {
  const mutator = new Mutator(seed, reader.seeds);
  for (let number = 1; number <= inputs; number++) {
    const text = mutator.next();
    try {
      await reader.read(text);
    } catch (error) {
      throw new Found(reader, seed, number, text, error);
    }
  }
}
