import { unknownName } from '../../common/names.ts';
import { commandLine } from '../../common/shell.ts';
import type { Alphabet } from './alphabet.ts';
import { ALPHABETS } from './alphabets.ts';

/**
 * The alphabet of a name.
 * @throws UsageError if no alphabet has that name. It says how to list them.
 */
export function alphabetNamed(name: string): Alphabet {
  const found = ALPHABETS.find((alphabet) => alphabet.name === name);
  if (found) return found;
  const names = ALPHABETS.map((alphabet) => alphabet.name);
  throw unknownName(`unknown alphabet ${name}`, name, names, commandLine('list', 'alphabets'));
}
