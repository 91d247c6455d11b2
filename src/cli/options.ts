import type { Clause } from '../../reference/clauses/clause.ts';
import { CLAUSES, clausesMatching } from '../../reference/contract.ts';
import { UsageError } from '../common/errors.ts';
import type { Budget } from '../run/campaign/options.ts';

/** Reads the values of options; every complaint says what would be right. */

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
