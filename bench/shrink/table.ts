import type { BaselineRun } from '../baseline/commands.ts';
import { row as markdownLine } from '../markdown.ts';
import { median } from '../quantile.ts';
import type { Hunt } from './hunt.ts';

/** One mutant over all seeds that found it, with the kit and with fc.commands. */
export interface Row {
  readonly mutant: string;
  readonly kit: readonly Hunt[];
  readonly commands: readonly BaselineRun[];
}

/** How well the shrinker does over all mutants. */
export interface Totals {
  readonly runs: number;
  /** Runs that could be certified. */
  readonly certified: number;
  /** Certified runs whose shrunk program already had the certified length. */
  readonly minimal: number;
  /** Distinct final texts of each mutant and failure. */
  readonly texts: readonly number[];
  /** Executions to shrink, divided by those of fc.commands, for each mutant: medians. */
  readonly ratios: readonly number[];
}

/** How many distinct texts each failure has. */
export function textsByKey(found: readonly { readonly key: string | undefined; readonly text: string }[]): number[] {
  const keys = new Map<string, Set<string>>();
  for (const { key, text } of found) {
    if (key === undefined) continue;
    const texts = keys.get(key) ?? new Set();
    keys.set(key, texts.add(text));
  }
  return [...keys.values()].map((texts) => texts.size);
}

/** How many distinct texts each failure of a mutant has after its certificate. */
const finalTexts = ({ kit }: Row): number[] =>
  textsByKey(kit.map(({ key, certifiedText }) => ({ key, text: certifiedText })));

/** Sums up the rows. */
export function totals(rows: readonly Row[]): Totals {
  const all = rows.flatMap(({ kit }) => kit);
  const certified = all.filter((hunt) => hunt.certified);
  const both = rows.filter(({ kit, commands }) => kit.length > 0 && commands.length > 0);
  return {
    runs: all.length,
    certified: certified.length,
    minimal: certified.filter(({ steps, certifiedSteps }) => steps === certifiedSteps).length,
    texts: rows.flatMap(finalTexts),
    ratios: both.map(
      ({ kit, commands }) =>
        median(kit.map(({ executions }) => executions)) /
        Math.max(1, median(commands.map(({ executions }) => executions))),
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

function cells(row: Row, seeds: number): (string | number)[] {
  const { mutant, kit, commands } = row;
  const most = (values: readonly number[]): number => Math.max(0, ...values);
  const none = commands.length === 0 ? '-' : undefined;
  return [
    mutant,
    `${kit.length}/${seeds}`,
    median(kit.map(({ programs }) => programs)),
    median(kit.map(({ executions }) => executions)),
    most(kit.map(({ executions }) => executions)),
    median(kit.map(({ steps }) => steps)),
    median(kit.map(({ certifiedSteps }) => certifiedSteps)),
    `${kit.filter(({ certified }) => certified).length}/${kit.length}`,
    median(kit.map(({ tried }) => tried)),
    finalTexts(row).join('+'),
    `${commands.length}/${seeds}`,
    none ?? median(commands.map(({ programs }) => programs)),
    none ?? median(commands.map(({ executions }) => executions)),
    none ?? most(commands.map(({ executions }) => executions)),
    none ?? median(commands.map(({ length }) => length)),
    none ?? textsByKey(commands).join('+'),
  ];
}

/** What each column of the table means. */
export const COLUMNS = `\
* **found**: seeds that found a failure. The other columns are medians over these seeds, except where a maximum or a
  number is named.
* **programs**: random programs until the first failure.
* **executions**: programs that were run to shrink it, without those of the certificate; **most**: the maximum.
* **length**: steps of the shrunk program; **least**: steps of the program after its certificate has looked for a shorter
  one, which is then shrunk and certified again.
* **certified**: runs whose certificate was complete; **tried**: the shorter programs that it tried.
* **texts**: the number of distinct final texts for each failure (clause, call and kind of outcome) that the seeds found.
* **fc**: the same with fc.commands, with the same calls, model, target and judge.`;

/** A row as Markdown. */
export const markdownRow = (row: Row, seeds: number): string => markdownLine(cells(row, seeds));

/** The heading of the table as Markdown. */
export const markdownHeading = (): string =>
  `| ${HEADINGS.join(' | ')} |\n| --- |${HEADINGS.slice(1)
    .map(() => ' ---: |')
    .join('')}`;

/** The totals as sentences. */
export function summary(rows: readonly Row[]): string {
  const { runs, certified, minimal, texts, ratios } = totals(rows);
  const percent = (part: number, of: number): string => `${((100 * part) / Math.max(1, of)).toFixed(1)}%`;
  const few = percent(texts.filter((count) => count <= 2).length, texts.length);
  const more = ratios.filter((ratio) => ratio > 1).length;
  return [
    `* ${runs} runs found a failure; ${certified} of them could be certified within the budget (${percent(certified, runs)}).`,
    `* In ${minimal} of these, the shrunk program already had the certified length (${percent(minimal, certified)}).`,
    `* Distinct final texts for a mutant and failure: ${median(texts)} (median), ${Math.max(0, ...texts)} at worst, at most 2 in ${few} of the cases.`,
    `* Executions to shrink, divided by those of fc.commands: ${median(ratios).toFixed(2)} (median over the mutants), above 1 for ${more} of ${ratios.length} mutants.`,
  ].join('\n');
}
