import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shimFolder } from './sources.ts';
import type { Tree } from './tree.ts';

/** The folder with a list for each series of kernels: the symbols that its mm/vmalloc.c needs from elsewhere. */
const folder = (): string => join(shimFolder(), 'wants');

/** Orders series by their numbers: 6.1 comes before 6.12. */
const bySeries = new Intl.Collator('en', { numeric: true }).compare;

/** The series for which there is a list, the oldest first. */
export const knownSeries = (): string[] => readdirSync(folder()).sort(bySeries);

/** The symbols that mm/vmalloc.c of a series needs; undefined if there is no list. */
export function wantedBy(series: string): string[] | undefined {
  const path = join(folder(), series);
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : undefined;
}

/** The symbols that a linker did not find, sorted. */
export const undefinedIn = (messages: string): string[] =>
  [...new Set([...messages.matchAll(/undefined reference to [`']([^'`]+)'/g)].map((match) => match[1]))].sort();

/**
 * Names the symbols that a kernel needs and the shim does not have.
 * @returns undefined if the linker's messages name none.
 */
export function missingSymbols(tree: Tree, messages: string): string | undefined {
  const missing = undefinedIn(messages);
  if (missing.length === 0) return undefined;
  const before = knownSeries()
    .filter((series) => bySeries(series, tree.series) <= 0)
    .at(-1);
  const old = before ? (wantedBy(before) ?? []) : [];
  const fresh = missing.filter((name) => !old.includes(name));
  return (
    `mm/vmalloc.c of Linux ${tree.version} needs symbols that the shim does not have: ${missing.join(', ')}\n` +
    `the shim knows the series ${knownSeries().join(', ')}; ` +
    (before && fresh.length > 0 ? `new since ${before}: ${fresh.join(', ')}; ` : '') +
    `write them in ${join(shimFolder(), 'shim')}, as docs/vmalloc-target.md says`
  );
}
