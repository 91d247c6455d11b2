import type { Clause } from '../../reference/clause.ts';
import { CLAUSES, clausesMatching } from '../../reference/contract.ts';
import type { Budget } from '../campaign/campaign.ts';
import { UsageError } from './exit.ts';

/** Reads the values of options; every complaint says what would be right. */

/** A whole number of at least `least`. */
export const wholeNumber =
  (name: string, least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text.replaceAll('_', '').replaceAll(',', ''));
    if (!Number.isInteger(value) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
      throw new UsageError(`${name} ${text}: expected a whole number ${range}`);
    }
    return value;
  };

/** A duration, `500ms`, `30s`, `2m`, `1h`; a bare number is seconds. In milliseconds. */
export function milliseconds(text: string): number {
  const match = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)?$/.exec(text);
  if (!match) throw new UsageError(`duration ${text}: expected a number with ms, s, m or h, such as 30s`);
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] ?? 's']!;
  return Number(match[1]) * unit;
}

/** Collects an option that may be repeated, and take several values separated by commas. */
export const collect = (text: string, before: readonly string[] = []): string[] => [
  ...before,
  ...text.split(',').filter((word) => word !== ''),
];

/**
 * The clauses that the patterns name.
 * @throws UsageError where a pattern names none.
 */
export function selectClauses(patterns: readonly string[] = []): Clause[] {
  const chosen = new Set<Clause>();
  for (const pattern of patterns) {
    const found = clausesMatching(pattern);
    if (found.length === 0) {
      throw new UsageError(`no clause matches ${pattern}; there are: ${CLAUSES.map((clause) => clause.id).join(', ')}`);
    }
    for (const clause of found) chosen.add(clause);
  }
  return [...chosen];
}

/** Trait choices, `tlb=lazy`. */
export function traitChoices(words: readonly string[] = []): Map<string, string> {
  const choices = new Map<string, string>();
  for (const word of words) {
    const match = /^([a-z_]+)=([a-z0-9_-]+)$/.exec(word);
    if (!match)
      throw new UsageError(`trait ${word}: expected NAME=CHOICE, such as tlb=lazy (mmspec traits lists them)`);
    choices.set(match[1], match[2]);
  }
  return choices;
}

/** The budget that the options ask for; `otherwise` where they ask for none. */
export function budgetOf(options: { steps?: number; programs?: number; time?: number }, otherwise: Budget): Budget {
  const { steps, programs, time } = options;
  if (steps === undefined && programs === undefined && time === undefined) return otherwise;
  return {
    ...(steps === undefined ? {} : { steps }),
    ...(programs === undefined ? {} : { programs }),
    ...(time === undefined ? {} : { milliseconds: time }),
  };
}

/**
 * How much of something a run uses: what was asked for, else `otherwise`, as far as the target has it.
 * @throws UsageError where more was asked for than there is.
 */
export function within(what: string, asked: number | undefined, otherwise: number, most: number): number {
  if (asked !== undefined && asked > most) throw new UsageError(`--${what} ${asked}: the target has ${most}`);
  return asked ?? Math.min(otherwise, most);
}

/** A seed that nobody chose. */
export const randomSeed = (): number => Math.floor(Math.random() * 0x7fff_ffff);
