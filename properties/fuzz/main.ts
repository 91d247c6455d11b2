import { fuzz } from './fuzz.ts';
import { READERS } from './readers.ts';

/** `npm run fuzz -- [INPUTS] [SEED]`: gives all readers changed texts, until one does something wrong or it is stopped. */

const inputs = Number(process.argv[2] ?? Number.POSITIVE_INFINITY);
let seed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
const ROUND = 10_000;

for (let done = 0; done < inputs; done += ROUND, seed++) {
  console.log(`seed ${seed}: ${done.toLocaleString('en-US')} inputs of each reader were read or refused`);
  for (const reader of READERS) await fuzz(reader, seed, Math.min(ROUND, inputs - done));
}
console.log('every input was read or refused');
