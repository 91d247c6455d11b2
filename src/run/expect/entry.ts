import type { Violation } from '../../../reference/clauses/violation.ts';
import { CLEAN_UP_WARNING } from '../../../reference/judge/judge.ts';
import { globExpression } from '../../common/glob.ts';

/** A bound on a version: `<6.12`, `>=5.10`. */
export interface VersionBound {
  readonly operator: '<' | '<=' | '=' | '>=' | '>';
  readonly version: string;
}

/** One line of a file of expected divergences: a known violation, where it is expected, and why. */
export interface Entry {
  /** Line number in the file, from 1. */
  readonly line: number;
  /** The line as it is written there. */
  readonly text: string;
  readonly clause: string;
  /** Hash of the program that shows the violation. */
  readonly program: string;
  /** The call that fails, and the kind of its outcome; if undefined, those that its program shows. */
  readonly call?: string;
  readonly seen?: string;
  /** A glob that the text of a warning matches. It also covers warnings of the clean-up, which belong to no call. */
  readonly warning?: string;
  /** The line covers only failures that need an overlap of calls: a failure without one is new. */
  readonly overlap?: true;
  /** A glob that the specification or the name of the target matches; every target if undefined. */
  readonly target?: string;
  /** Bounds on the version in the target's name; all must hold. */
  readonly versions: readonly VersionBound[];
  /** How often the program fails; every time if undefined. */
  readonly rate?: { readonly failed: number; readonly of: number };
  /** Link to the bug that tracks it. */
  readonly bug: string;
  /** One sentence: why it is expected. */
  readonly why: string;
}

/** What an entry may say about a target. */
interface Subject {
  /** The specification, as on the command line. */
  readonly spec: string;
  /** The name that the target gives itself. */
  readonly name: string;
}

/** The first version in a target's name: `6.1.192` in `linux 6.1.192 x86_64`. */
export const versionIn = (name: string): string | undefined => /(?<![\w.])\d+(?:\.\d+)+/.exec(name)?.[0];

/** Compares versions: negative when `a` is older than `b`. Missing parts count as 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function within(version: string, bound: VersionBound): boolean {
  // `=6.1` means every 6.1.x: parts that the bound leaves out are not compared.
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

/** True when the entry applies to this target. */
export function appliesTo(entry: Entry, subject: Subject): boolean {
  if (entry.target !== undefined) {
    const glob = globExpression(entry.target);
    if (!glob.test(subject.spec) && !glob.test(subject.name)) return false;
  }
  if (entry.versions.length === 0) return true;
  const version = versionIn(subject.name);
  return version !== undefined && entry.versions.every((bound) => within(version, bound));
}

/** The texts of the warnings that a violation is about; undefined if it is about anything else. */
function warningsIn({ seen, left }: Pick<Violation, 'seen' | 'left'>): readonly string[] | undefined {
  if (!left) return seen.kind === 'warn' ? [seen.text] : undefined;
  return left.every((text) => text.startsWith(CLEAN_UP_WARNING)) ? left : undefined;
}

/**
 * True when a violation is the one that the entry expects: same clause, and same call, outcome and warning if the entry
 * names them.
 * @param overlaps whether the violation is known to need an overlap of calls.
 */
export function expects(
  entry: Entry,
  violation: Pick<Violation, 'clause' | 'seen' | 'left'>,
  call: string,
  overlaps: boolean,
): boolean {
  if (entry.clause !== violation.clause.id) return false;
  if (entry.overlap && !overlaps) return false;
  if (entry.call !== undefined && entry.call !== call) return false;
  if (entry.seen !== undefined && entry.seen !== violation.seen.kind) return false;
  if (entry.warning === undefined) return true;
  const glob = globExpression(entry.warning);
  return warningsIn(violation)?.every((text) => glob.test(text)) ?? false;
}

/** True if the entry names the call and the outcome, or the warning, so that its program need not show them. */
export const isComplete = ({ call, seen, warning }: Entry): boolean =>
  (call !== undefined && seen !== undefined) || warning !== undefined;

/** The probability that an unstable divergence is called gone although it is not. */
const FALSE_ALARM = 0.001;
const MAX_TRIES = 500;

/** How often to run the program of an entry before its divergence counts as gone. */
export function triesFor(entry: Entry): number {
  const { rate } = entry;
  if (!rate || rate.failed >= rate.of) return 1;
  const misses = 1 - rate.failed / rate.of;
  return Math.min(MAX_TRIES, Math.max(2, Math.ceil(Math.log(FALSE_ALARM) / Math.log(misses))));
}
