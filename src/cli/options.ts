import type { Command } from 'commander';
import type { Clause } from '../../reference/clauses/clause.ts';
import { CLAUSES, clausesMatching } from '../../reference/contract.ts';
import { UsageError } from '../common/errors.ts';
import { noMatch } from '../common/names.ts';
import { milliseconds } from '../common/numbers.ts';
import type { Budget } from '../run/campaign/options.ts';

/** Adds options, and reads their values. */

/** Adds `--time` to a command that has no limit by default. */
export const addTime = (command: Command, what = 'stop'): Command =>
  command.option('--time <duration>', `${what} after this long, such as 30s`, milliseconds('--time'));

/** Collects the values of an option that may be repeated and may take several values separated by commas. */
export const collect = (text: string, before: readonly string[] = []): string[] => [
  ...before,
  ...text.split(',').filter((word) => word !== ''),
];

/** Collects the values of an option that may be repeated. */
export const repeated = (text: string, before: readonly string[] = []): string[] => [...before, text];

/**
 * The clauses that patterns such as `ZAP-*` match.
 * @throws UsageError for a pattern that matches none.
 */
export function selectClauses(patterns: readonly string[] = []): Clause[] {
  const chosen = new Set<Clause>();
  for (const pattern of patterns) {
    const found = clausesMatching(pattern);
    if (found.length === 0)
      throw noMatch(
        'clause',
        pattern,
        CLAUSES.map((clause) => clause.id),
      );
    for (const clause of found) chosen.add(clause);
  }
  return [...chosen];
}

/**
 * Reads traits such as `tlb=lazy`.
 * @throws UsageError for a word of another form.
 */
export function traitChoices(words: readonly string[] = []): Record<string, string> {
  const choices = new Map<string, string>();
  for (const word of words) {
    const match = /^([a-z_]+)=([a-z0-9_-]+)$/.exec(word);
    if (!match)
      throw new UsageError(`--traits ${word}: expected NAME=CHOICE, such as tlb=lazy; list them with: mmspec traits`);
    choices.set(match[1], match[2]);
  }
  return Object.fromEntries(choices);
}

/** The budget that options ask for; `otherwise` when they set no limit. */
export function budgetOf(options: { steps?: number; programs?: number; time?: number }, otherwise: Budget): Budget {
  const { steps, programs, time } = options;
  if (steps === undefined && programs === undefined && time === undefined) return otherwise;
  return {
    ...(steps === undefined ? {} : { steps }),
    ...(programs === undefined ? {} : { programs }),
    ...(time === undefined ? {} : { milliseconds: time }),
  };
}

export const randomSeed = (): number => Math.floor(Math.random() * 0x7fff_ffff);
