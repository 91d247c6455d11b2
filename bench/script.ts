/** What the scripts of this folder share. */

/** Writes a line to standard output. */
export const say = (text: string): boolean => process.stdout.write(`${text}\n`);

/** Ends with exit code 2. */
export function refuse(problem: string): never {
  process.stderr.write(`${problem}\n`);
  process.exit(2);
}

/** The value of an option that must be a number above 0, and a whole one unless `whole` is false. */
export function positive(option: string, text: string, whole = true): number {
  const value = Number(text);
  if (value > 0 && (Number.isInteger(value) || !whole)) return value;
  return refuse(`--${option} is ${text}, but must be a ${whole ? 'whole ' : ''}number above 0`);
}

/** Seeds that the clock draws. */
export const clockSeeds = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => (Date.now() + i * 7919) % 2 ** 31);
