import leven from 'leven';
import { UsageError } from './errors.ts';
import { commandLine } from './shell.ts';

/** Answer a name that does not exist with the names that were probably meant. */

/** Maximum number of names that a message lists. */
const MAX_LISTED = 10;
const MAX_SUGGESTED = 3;
const LINE_WIDTH = 78;

/** The known names that are close to a text, the closest first; at most three. */
export function closeNames(text: string, known: readonly string[]): string[] {
  const wanted = text.toLowerCase();
  const maxDistance = Math.max(1, Math.floor(wanted.length / 3));
  return known
    .map((name) => {
      const lower = name.toLowerCase();
      // A name that was cut short is close to the whole one.
      const continued = wanted.length > 1 && lower.startsWith(wanted);
      return { name, distance: continued ? 0 : leven(wanted, lower, { maxDistance: maxDistance + 1 }) };
    })
    .filter(({ distance }) => distance <= maxDistance)
    .sort((a, b) => a.distance - b.distance || a.name.length - b.name.length || a.name.localeCompare(b.name))
    .slice(0, MAX_SUGGESTED)
    .map(({ name }) => name);
}

/** `; did you mean bookworm?`, for the end of a message; '' without names. */
export const suggest = (names: readonly string[]): string =>
  names.length === 0 ? '' : `; did you mean ${names.join(' or ')}?`;

/** The known names that are close to a text, as `suggest` words them. */
export const didYouMean = (text: string, known: readonly string[]): string => suggest(closeNames(text, known));

/** Names in alphabetical order, in as many columns as fit, each line indented by two. */
export function columns(names: readonly string[]): string {
  const sorted = [...names].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
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

/**
 * The error for a name that does not exist. It suggests close names; it lists all names if they are few, and says how to
 * list them otherwise.
 * @param what the start of the message: `unknown mutant zap-x`.
 * @param listAll the command that lists all names.
 * @example
 * unknownName('unknown suite bookwrm', 'bookwrm', ['bookworm', 'trixie']).message;
 * // unknown suite bookwrm; did you mean bookworm?
 * // there are 2:
 * //   bookworm  trixie
 */
export function unknownName(what: string, name: string, known: readonly string[], listAll?: string): UsageError {
  const few = known.length <= MAX_LISTED || listAll === undefined;
  const all = few ? `there are ${known.length}:\n${columns(known)}` : `list all ${known.length} with: ${listAll}`;
  return new UsageError(`${what}${didYouMean(name, known)}\n${all}`);
}

/**
 * The error for a pattern such as `ZAP-*` that matches no clause, goal or state.
 * @param kind what was looked for, in the singular; `mmspec list KINDs` lists all.
 */
export function noMatch(kind: string, pattern: string, known: readonly string[]): UsageError {
  const group = `${pattern.toUpperCase()}-`;
  const meant = known.some((name) => name.startsWith(group)) ? [`${group}*`] : closeNames(pattern, known);
  const all = commandLine('list', `${kind}s`);
  return new UsageError(`no ${kind} matches ${pattern}${suggest(meant)}\nlist all ${known.length} with: ${all}`);
}
