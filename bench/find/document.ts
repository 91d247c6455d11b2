import { grouped } from '../../src/common/words.ts';
import { row } from '../markdown.ts';
import { quantile } from '../quantile.ts';
import type { Settings } from '../record.ts';
import type { Run } from './hunt.ts';

/** Mutants of deep states: those that existed while the generator was tuned, and those that were kept aside meanwhile. */
const DEEP: Readonly<Record<string, readonly string[]>> = {
  'deep, seen before': [
    ...['emptied-block-retired-twice', 'emptied-block-trusts-flush', 'full-user-flush-forgotten'],
    ...['munmap-unlinks-neighbour', 'reference-count-wraps', 'threshold-hit-exactly', 'unmap-range-eight-vmas'],
    ...['unmap-range-walks-unlocked', 'vunmap-stays-in-table', 'zap-stops-at-table'],
  ],
  'deep, held out': [
    ...[
      'arena-wraps-around',
      'flush-misses-filling-block',
      'munmap-frees-shared-table',
      'munmap-frees-tables-unlocked',
    ],
    ...['purge-sixteen-areas', 'remap-restarts-at-table', 'vfree-run-wraps', 'zap-length-truncated'],
    'zap-skips-after-hole',
  ],
};

/** Limits of the buckets of processor time, in seconds. */
const BUCKETS: readonly number[] = [0.1, 1, 5, 20];

/** A figure as a cell: undefined where there are no runs, Infinity for a run that found nothing. */
function cell(value: number | undefined, print: (value: number) => string): string {
  if (value === undefined) return '-';
  return value === Number.POSITIVE_INFINITY ? 'missed' : print(value);
}

const number = (value: number | undefined): string => cell(value, grouped);
const decimal = (value: number | undefined): string => cell(value, (one) => one.toFixed(2));
const percent = (part: number, whole: number): string => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)}%`);

/** One figure of each run; Infinity for runs that found nothing. */
const figure = (runs: readonly Run[], what: 'executions' | 'steps' | 'seconds'): readonly number[] =>
  runs.map((run) => (run.found === null ? Number.POSITIVE_INFINITY : run[what]));

/** One line for a group of runs. */
function cells(runs: readonly Run[]): string[] {
  const [executions, steps, seconds] = [figure(runs, 'executions'), figure(runs, 'steps'), figure(runs, 'seconds')];
  return [
    `${runs.filter(({ found }) => found !== null).length}/${runs.length}`,
    ...[0.5, 0.9].map((share) => number(quantile(executions, share))),
    ...[0.5, 0.9].map((share) => number(quantile(steps, share))),
    ...[0.5, 0.9].map((share) => decimal(quantile(seconds, share))),
  ];
}

const HEADING = ['found', ...['executions', 'steps', 'seconds'].flatMap((what) => [`${what}, median`, '90th'])];

/** Groups of mutants that have runs. */
function groups(runs: readonly Run[], races: ReadonlySet<string>): [string, readonly Run[]][] {
  const within = (names: readonly string[]): Run[] => runs.filter(({ mutant }) => names.includes(mutant));
  const all: [string, readonly Run[]][] = [
    ['all', runs],
    ['races', runs.filter(({ mutant }) => races.has(mutant))],
    ...Object.entries(DEEP).map(([name, names]): [string, readonly Run[]] => [name, within(names)]),
  ];
  return all.filter(([, group]) => group.length > 0);
}

const TABLE = [...HEADING, 'steps, 95th'];

/** Groups of mutants, a line each, for some generators. */
function groupsTable(sides: ReadonlyMap<string, readonly Run[]>, races: ReadonlySet<string>): string[] {
  const lines = [row(['generator', 'mutants', ...TABLE]), row(['---', '---', ...TABLE.map(() => '---:')])];
  for (const [generator, runs] of sides)
    for (const [name, group] of groups(runs, races))
      lines.push(row([generator, name, ...cells(group), number(quantile(figure(group, 'steps'), 0.95))]));
  return lines;
}

/** Percentage of runs that found something within each bucket of processor time, for some generators. */
function bucketsTable(sides: ReadonlyMap<string, readonly Run[]>): string[] {
  const lines = [row(['generator', ...BUCKETS.map((limit) => `within ${limit} s`)])];
  lines.push(row(['---', ...BUCKETS.map(() => '---:')]));
  for (const [generator, runs] of sides) {
    const within = (limit: number): number => runs.filter((run) => run.found !== null && run.seconds <= limit).length;
    lines.push(row([generator, ...BUCKETS.map((limit) => percent(within(limit), runs.length))]));
  }
  return lines;
}

/** Each mutant, a line each. */
function mutantsTable(runs: readonly Run[]): string[] {
  const lines = [row(['mutant', ...HEADING]), row(['---', ...HEADING.map(() => '---:')])];
  for (const name of new Set(runs.map(({ mutant }) => mutant)))
    lines.push(row([name, ...cells(runs.filter(({ mutant }) => mutant === name))]));
  return lines;
}

const keyOf = ({ mutant, seed }: Run): string => `${mutant} ${seed}`;

/** Those runs of a generator that another one made as well: the same mutants from the same seeds. */
function alsoIn(runs: readonly Run[], others: readonly Run[]): Run[] {
  const keys = new Set(others.map(keyOf));
  return runs.filter((run) => keys.has(keyOf(run)));
}

/** What the older revision is compared on. */
function comparison(base: string, before: readonly Run[], now: readonly Run[], races: ReadonlySet<string>): string[] {
  if (before.length === 0) return [];
  const [mutants, seeds] = [new Set(before.map(({ mutant }) => mutant)), new Set(before.map(({ seed }) => seed))];
  const sides = new Map([
    ['now', alsoIn(now, before)],
    [base, alsoIn(before, now)],
  ]);
  return [
    `## Compared with ${base}`,
    '',
    `The programs of ${base} ran on the same targets under the same judge: ${before.length} runs, from ${seeds.size} of the seeds, on the ${mutants.size}`,
    'mutants whose shortest programs have only calls that it knows. Both lines are about the same mutants and seeds.',
    '',
    ...groupsTable(sides, races),
    '',
    ...bucketsTable(sides),
    '',
  ];
}

/** The table as a page in Markdown. `races`: the mutants that only overlapping calls show. */
export function document(settings: Settings, runs: readonly Run[], races: ReadonlySet<string>): string {
  const { seeds, seconds, base } = settings;
  const now = runs.filter(({ generator }) => generator !== base);
  const before = runs.filter(({ generator }) => generator === base);
  const sides = new Map([['now', now]]);
  const lines = [
    '# Finding',
    '',
    `Written by \`npm run bench:find\`. Each mutant was run from ${seeds.length} seeds that the clock drew, for at most ${seconds} s of`,
    'processor time, until the first program failed. An execution is a program under one schedule; steps are those executed',
    'and judged; seconds are processor time to generate, execute and judge. A run that found nothing counts as above all',
    'others.',
    '',
    `Seeds: ${seeds.join(', ')}.`,
    '',
    '## All',
    '',
    ...groupsTable(sides, races),
    '',
    ...bucketsTable(sides),
    '',
    ...comparison(base, before, now, races),
    '## Mutant by mutant',
    '',
    ...mutantsTable(now),
  ];
  return `${lines.join('\n')}\n`;
}
