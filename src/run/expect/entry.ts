import type { Violation } from '../../../reference/clauses/violation.ts';

/** A bound on a version: `<6.12`, `>=5.10`. */
export interface VersionBound {
  readonly operator: '<' | '<=' | '=' | '>=' | '>';
  readonly version: string;
}

/** One line of an expectations file: a violation that is known, where it is expected, and why. */
export interface Entry {
  /** Line number in the file, from 1. */
  readonly line: number;
  /** The line as it stands there. */
  readonly text: string;
  readonly clause: string;
  /** Hash of the program that shows it. */
  readonly program: string;
  /** Only failures of this call, and of this kind of outcome, are the expected ones. */
  readonly call?: string;
  readonly seen?: string;
  /** Only on targets whose specification or name this glob matches. */
  readonly target?: string;
  /** Only where the version in the target's name lies within all of these. */
  readonly versions: readonly VersionBound[];
  /** It shows so often, of so many tries; always where nothing is said. */
  readonly rate?: { readonly failed: number; readonly of: number };
  /** Where it is being tracked. */
  readonly bug: string;
  /** A sentence: why it is expected. */
  readonly why: string;
}

/** What is known of a target that an entry may ask for. */
export interface Subject {
  /** As on the command line. */
  readonly spec: string;
  /** What the target calls itself. */
  readonly name: string;
}

const globbed = (glob: string): RegExp =>
  new RegExp(`^${glob.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);

/** The first thing in a target's name that looks like a version: `6.1.192` of `linux 6.1.192 x86_64`. */
export const versionIn = (name: string): string | undefined => /(?<![\w.])\d+(?:\.\d+)+/.exec(name)?.[0];

/** Negative where `a` is the older version; a part that is left out is 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function within(version: string, bound: VersionBound): boolean {
  // `=6.1` means every 6.1.x: a patch level that was not written is not compared.
  const length = bound.version.split('.').length;
  const compared = bound.operator === '=' ? version.split('.').slice(0, length).join('.') : version;
  const order = compareVersions(compared, bound.version);
  switch (bound.operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '=':
      return order === 0;
    case '>=':
      return order >= 0;
    case '>':
      return order > 0;
  }
}

/** True where the entry speaks about this target. */
export function appliesTo(entry: Entry, subject: Subject): boolean {
  if (entry.target !== undefined) {
    const glob = globbed(entry.target);
    if (!glob.test(subject.spec) && !glob.test(subject.name)) return false;
  }
  if (entry.versions.length === 0) return true;
  const version = versionIn(subject.name);
  return version !== undefined && entry.versions.every((bound) => within(version, bound));
}

/** True where a violation is the one that the entry expects: same clause, and the same call and outcome if it says so. */
export const expects = (entry: Entry, violation: Pick<Violation, 'clause' | 'seen'>, call: string): boolean =>
  entry.clause === violation.clause.id &&
  (entry.call === undefined || entry.call === call) &&
  (entry.seen === undefined || entry.seen === violation.seen.kind);

/** How often a program is run before an unstable divergence counts as gone: once in a thousand it is not. */
export function triesFor(entry: Entry): number {
  const { rate } = entry;
  if (!rate || rate.failed >= rate.of) return 1;
  const misses = 1 - rate.failed / rate.of;
  return Math.min(500, Math.max(2, Math.ceil(Math.log(0.001) / Math.log(misses))));
}
