import leven from 'leven';
import { UsageError } from './errors.ts';
import { commandLine } from './shell.ts';

/** Answer a name that does not exist with the names that were probably meant. */

/** Maximum number of names that a message lists. */
const MAX_LISTED = 10;
const MAX_SUGGESTED = 3;
const LINE_WIDTH = 78;

/** Whether two words differ only in the order of two letters side by side: `jsno` and `json`. */
function isSwapped(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  const at = [...a].findIndex((letter, i) => letter !== b[i]);
  return at >= 0 && a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2);
}

/** The known names that are close to a text, the closest first; at most three. */
export function closeNames(text: string, known: readonly string[]): string[] {
  const wanted = text.toLowerCase();
  const maxDistance = Math.max(1, Math.floor(wanted.length / 3));
  return known
    .map((name) => {
      const lower = name.toLowerCase();
      // A name that was cut short is close to the whole one.
      const continued = wanted.length > 1 && lower.startsWith(wanted);
      if (continued) return { name, distance: 0 };
      const distance = isSwapped(wanted, lower) ? 1 : leven(wanted, lower, { maxDistance: maxDistance + 1 });
      return { name, distance };
    })
    .filter(({ distance }) => distance <= maxDistance)
    .sort((a, b) => a.distance - b.distance || a.name.length - b.name.length || a.name.localeCompare(b.name))
    .slice(0, MAX_SUGGESTED)
    .map(({ name }) => name);
}

/** `; did you mean bookworm, trixie or sid?`, for the end of a message; '' without names. */
export function suggest(names: readonly string[]): string {
  if (names.length === 0) return '';
  const last = names[names.length - 1];
  return `; did you mean ${names.length === 1 ? last : `${names.slice(0, -1).join(', ')} or ${last}`}?`;
}

/** The known names that are close to a text, as `suggest` words them. */
export const didYouMean = (text: string, known: readonly string[]): string => suggest(closeNames(text, known));

const inOrder = (names: readonly string[]): string[] =>
  [...names].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));

/** Names in alphabetical order, in as many columns as fit, each line indented by two. */
export function columns(names: readonly string[]): string {
  const sorted = inOrder(names);
  const width = Math.max(...sorted.map((name) => name.length)) + 2;
  const perLine = Math.max(1, Math.floor(LINE_WIDTH / width));
  const rows = Math.ceil(sorted.length / perLine);
  return Array.from({ length: rows }, (_, row) => {
    const cells = sorted.filter((_, i) => i % rows === row);
    return `  ${cells
      .map((name) => name.padEnd(width))
      .join('')
      .trimEnd()}`;
  }).join('\n');
}

/** The first ten names in columns, and how to list all of them; all names if they are few. */
export function firstNames(names: readonly string[], listAll: string): string {
  if (names.length <= MAX_LISTED) return columns(names);
  return `${columns(inOrder(names).slice(0, MAX_LISTED))}\nlist all ${names.length} with: ${listAll}`;
}

/**
 * The error for a name that does not exist.
 *
 * @example
 * ```ts
 * const error = new UnknownName('unknown mutant lazy', [], () => 'list all with: npx mmspec list mutants');
 * error.suggesting(['embedded:lazy']).message; // unknown mutant lazy; did you mean embedded:lazy?...
 * ```
 */
export class UnknownName extends UsageError {
  readonly #what: string;
  readonly #exist: (suggested: boolean) => string;
  /** Names that were perhaps meant. */
  readonly suggested: readonly string[];

  /**
   * @param what the start of the message: `unknown mutant zap-x`.
   * @param exist the rest of it, on lines of its own: what exists, or only how to list it if a name was suggested.
   */
  constructor(what: string, suggested: readonly string[], exist: (suggested: boolean) => string) {
    super(`${what}${suggest(suggested)}\n${exist(suggested.length > 0)}`);
    this.#what = what;
    this.#exist = exist;
    this.suggested = suggested;
  }

  /** The same error that suggests other names first. */
  suggesting(names: readonly string[]): UnknownName {
    return new UnknownName(this.#what, [...names, ...this.suggested].slice(0, MAX_SUGGESTED), this.#exist);
  }
}

/**
 * The error for a name that does not exist. It suggests close names. If there are few names, it lists them all. Otherwise it
 * says how to list them, and shows the first ones if no name is close.
 * @param what the start of the message: `unknown mutant zap-x`.
 * @param listAll the command that lists all names; needed if there can be more than ten.
 * @example
 * unknownName('unknown suite bookwrm', 'bookwrm', ['bookworm', 'trixie']).message;
 * // unknown suite bookwrm; did you mean bookworm?
 * // there are 2:
 * //   bookworm  trixie
 */
export function unknownName(what: string, name: string, known: readonly string[], listAll?: string): UnknownName {
  const exist = (suggested: boolean): string => {
    if (known.length <= MAX_LISTED || listAll === undefined)
      return `there ${known.length === 1 ? 'is' : 'are'} ${known.length}:\n${columns(known)}`;
    return suggested
      ? `list all ${known.length} with: ${listAll}`
      : `there are ${known.length}, such as:\n${firstNames(known, listAll)}`;
  };
  return new UnknownName(what, closeNames(name, known), exist);
}

/**
 * The error for a pattern such as `ZAP-*` that matches no clause, goal or state.
 * @param kind what was looked for, in the singular; `mmspec list KINDs` lists all.
 */
export function noMatch(kind: string, pattern: string, known: readonly string[]): UnknownName {
  const group = `${pattern.toUpperCase()}-`;
  const meant = known.some((name) => name.startsWith(group)) ? [`${group}*`] : closeNames(pattern, known);
  const all = `list all ${known.length} with: ${commandLine('list', `${kind}s`)}`;
  return new UnknownName(`no ${kind} matches ${pattern}`, meant, () => all);
}
