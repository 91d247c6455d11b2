import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What the scripts of this folder share. */

type Options = NonNullable<ParseArgsConfig['options']>;

/** Writes a line to standard output. */
export const say = (text: string): boolean => process.stdout.write(`${text}\n`);

/** Ends with exit code 2. */
export function refuse(problem: string): never {
  process.stderr.write(`${problem}\n`);
  process.exit(2);
}

/** What a script accepts, a line for each option. */
function usageOf(script: string, options: Options): string {
  const lines = Object.entries(options).map(([name, option]) => {
    const given = option.type === 'boolean' ? `--${name}` : `--${name} VALUE`;
    if (option.multiple) return `  ${given} (may be repeated)`;
    return typeof option.default === 'string' ? `  ${given} (default: ${option.default})` : `  ${given}`;
  });
  return [`usage: npm run ${script} -- [OPTIONS]`, ...lines, `bench/${fileOf(script)} explains them.`].join('\n');
}

/** The file of a script of package.json. */
const fileOf = (script: string): string => `${script.split(':')[1] ?? 'main'}.ts`;

/**
 * Reads the options of a script from the command line. Ends with exit code 0 after `--help`, and with exit code 2 if an
 * option does not exist; both print the usage.
 * @param script its name in package.json: `bench:find`.
 * @param usage to print instead of a list of the options.
 */
export function parseOptions<const T extends Options>(script: string, options: T, usage = usageOf(script, options)) {
  if (process.argv.slice(2).some((word) => word === '--help' || word === '-h')) {
    say(usage);
    process.exit(0);
  }
  try {
    return parseArgs<{ options: T }>({ options }).values;
  } catch (error) {
    return refuse(`${(error as Error).message}\n${usage}`);
  }
}

/** The value of an option that must be a number above 0, and a whole one unless `whole` is false. */
export function positive(option: string, text: string, whole = true): number {
  const value = Number(text);
  if (value > 0 && (Number.isInteger(value) || !whole)) return value;
  return refuse(`--${option} is ${text}, but must be a ${whole ? 'whole ' : ''}number above 0`);
}

/**
 * The entries of a list that an option names; all of them if it is not given. Ends with exit code 2 for a name that does
 * not exist.
 * @param kind what a name stands for: `mutant`.
 * @param given the values of the option. Each may hold several names, with commas between them.
 */
export function chosenFrom<T extends { readonly name: string }>(
  kind: string,
  all: readonly T[],
  given: readonly string[] | undefined,
): readonly T[] {
  const names = given?.flatMap((list) => list.split(','));
  const known = all.map(({ name }) => name);
  const wrong = names?.find((name) => !known.includes(name));
  if (wrong !== undefined) refuse(`unknown ${kind} ${wrong}; choose from: ${known.join(', ')}`);
  return all.filter(({ name }) => !names || names.includes(name));
}

/** Seeds that the clock draws. */
export const clockSeeds = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => (Date.now() + i * 7919) % 2 ** 31);
