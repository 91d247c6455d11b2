import type { BaselineRun } from '../commands.ts';
import type { Hunt } from './ours.ts';

/** Figures of one mutant over all seeds, ours and those of fc.commands. */

/** What is asked of the shrinker, over all mutants. */
export interface Totals {
  /** Runs that could be certified, and those of them whose shrunk program was already of the certified length. */
  readonly certified: number;
  readonly minimal: number;
  readonly runs: number;
  /** Distinct final texts for each mutant and kind of failure. */
  readonly texts: readonly number[];
  /** Executions to shrink as a part of those of fc.commands, mutant by mutant, at the median. */
  readonly parts: readonly number[];
}

export interface Row {
  readonly mutant: string;
  readonly ours: readonly Hunt[];
  readonly commands: readonly BaselineRun[];
}

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

/** The middle of a list; 0 of none. */
export const median = (values: readonly number[]): number => sorted(values)[values.length >> 1] ?? 0;

/** Distinct texts for each key. */
export function textsByKey(hunts: readonly { readonly key: string | undefined; readonly text: string }[]): number[] {
  const keys = new Map<string, Set<string>>();
  for (const { key, text } of hunts) {
    if (key === undefined) continue;
    const texts = keys.get(key) ?? new Set();
    keys.set(key, texts.add(text));
  }
  return [...keys.values()].map((texts) => texts.size);
}

/** The final texts of a mutant, kind by kind: what the certificate left. */
export const finalTexts = (row: Row): number[] => textsByKey(row.ours.map(({ key, least }) => ({ key, text: least })));

/** Adds up the rows. */
export function totals(rows: readonly Row[]): Totals {
  const all = rows.flatMap((row) => row.ours);
  const certified = all.filter((hunt) => hunt.certified);
  return {
    runs: all.length,
    certified: certified.length,
    minimal: certified.filter((hunt) => hunt.steps === hunt.leastSteps).length,
    texts: rows.flatMap(finalTexts),
    parts: rows
      .filter((row) => row.commands.length > 0 && row.ours.length > 0)
      .map(
        (row) =>
          median(row.ours.map((hunt) => hunt.executions)) /
          Math.max(1, median(row.commands.map((run) => run.executions))),
      ),
  };
}

const HEADINGS = [
  'mutant',
  'found',
  'programs',
  'executions',
  'most',
  'length',
  'least',
  'certified',
  'tried',
  'texts',
  'fc found',
  'fc programs',
  'fc executions',
  'fc most',
  'fc length',
  'fc texts',
];

function cells({ mutant, ours, commands }: Row, seeds: number): (string | number)[] {
  const most = (values: readonly number[]): number => Math.max(0, ...values);
  const texts = finalTexts({ mutant, ours, commands });
  const theirs = textsByKey(commands);
  const dash = commands.length === 0 ? '-' : undefined;
  return [
    mutant,
    `${ours.length}/${seeds}`,
    median(ours.map((hunt) => hunt.programs)),
    median(ours.map((hunt) => hunt.executions)),
    most(ours.map((hunt) => hunt.executions)),
    median(ours.map((hunt) => hunt.steps)),
    median(ours.map((hunt) => hunt.leastSteps)),
    `${ours.filter((hunt) => hunt.certified).length}/${ours.length}`,
    median(ours.map((hunt) => hunt.tried)),
    texts.join('+'),
    `${commands.length}/${seeds}`,
    dash ?? median(commands.map((run) => run.programs)),
    dash ?? median(commands.map((run) => run.executions)),
    dash ?? most(commands.map((run) => run.executions)),
    dash ?? median(commands.map((run) => run.length)),
    dash ?? theirs.join('+'),
  ];
}

/** One row as Markdown. */
export const markdownRow = (row: Row, seeds: number): string => `| ${cells(row, seeds).join(' | ')} |`;

/** The heading as Markdown. */
export const markdownHeading = (): string =>
  `| ${HEADINGS.join(' | ')} |\n| --- |${HEADINGS.slice(1)
    .map(() => ' ---: |')
    .join('')}`;

/** What the rows come to, in sentences. */
export function summary(rows: readonly Row[]): string {
  const { runs, certified, minimal, texts, parts } = totals(rows);
  const percent = (part: number, of: number): string => `${((100 * part) / Math.max(1, of)).toFixed(1)}%`;
  const more = parts.filter((part) => part > 1).length;
  return [
    `* ${runs} runs found something; ${certified} could be certified within the budget (${percent(certified, runs)}).`,
    `* Of those, the shrunk program already had the certified length in ${minimal} (${percent(minimal, certified)}).`,
    `* Distinct final texts by mutant and kind of failure: ${median(texts)} at the median, ${Math.max(0, ...texts)} at worst, ${percent(texts.filter((n) => n <= 2).length, texts.length)} at most 2.`,
    `* Executions to shrink beside those of fc.commands, each mutant's medians: ${median(parts).toFixed(2)} of theirs at the median, more than theirs for ${more} of ${parts.length} mutants.`,
  ].join('\n');
}
