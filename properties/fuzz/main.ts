import { fuzz } from './fuzz.ts';
import { READERS } from './readers.ts';

/** `npm run fuzz -- [INPUTS] [SEED]`: gives all readers changed texts, until one does something wrong or it is stopped. */

const USAGE =
  'usage: npm run fuzz -- [INPUTS] [SEED]\nboth are whole numbers; without INPUTS it runs until it is stopped';

const words = process.argv.slice(2);
if (words.includes('--help')) {
  console.log(USAGE);
  process.exit(0);
}
if (words.length > 2 || !words.every((word) => /^[0-9]+$/.test(word))) {
  console.error(`unexpected arguments: ${words.join(' ')}\n${USAGE}`);
  process.exit(2);
}
const inputs = Number(words[0] ?? Number.POSITIVE_INFINITY);
let seed = Number(words[1] ?? Date.now() % 2 ** 31);
const ROUND = 10_000;

for (let done = 0; done < inputs; done += ROUND, seed++) {
  console.log(`seed ${seed}: ${done.toLocaleString('en-US')} inputs of each reader were read or refused`);
  for (const reader of READERS) await fuzz(reader, seed, Math.min(ROUND, inputs - done));
}
console.log('every input was read or refused');
