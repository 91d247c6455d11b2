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

function groups(runs: readonly Run[], races: ReadonlySet<string>): [string, readonly Run[]][] {
  const within = (names: readonly string[]): Run[] => runs.filter(({ mutant }) => names.includes(mutant));
  return [
    ['all', runs],
    ['races', runs.filter(({ mutant }) => races.has(mutant))],
    ...Object.entries(DEEP).map(([name, names]): [string, readonly Run[]] => [name, within(names)]),
  ];
}

/** The table as a page in Markdown. `races`: the mutants that only overlapping calls show. */
export function document(settings: Settings, runs: readonly Run[], races: ReadonlySet<string>): string {
  const { seeds, seconds, base } = settings;
  const generators = [...new Set(runs.map(({ generator }) => generator))];
  const of = (generator: string): Run[] => runs.filter((run) => run.generator === generator);
  const lines = [
    '# Finding',
    '',
    `Written by \`npm run bench:find\`. Each mutant was run from ${seeds.length} seeds that the clock drew, for at most ${seconds} s of`,
    'processor time, until the first program failed. An execution is a program under one schedule; steps are those executed',
    `and judged; seconds are processor time to generate, execute and judge. \`now\` is this revision, \`${base}\` an older one,`,
    'whose programs ran on the same targets under the same judge. A run that found nothing counts as above all others.',
    '',
    `Seeds: ${seeds.join(', ')}.`,
    '',
    '## All',
    '',
    row(['generator', 'mutants', ...HEADING, 'steps, 95th']),
    row(['---', '---', ...HEADING.map(() => '---:'), '---:']),
  ];
  for (const generator of generators)
    for (const [name, group] of groups(of(generator), races))
      lines.push(row([generator, name, ...cells(group), number(quantile(figure(group, 'steps'), 0.95))]));
  lines.push('', '## Time to find', '', row(['generator', ...BUCKETS.map((limit) => `within ${limit} s`)]));
  lines.push(row(['---', ...BUCKETS.map(() => '---:')]));
  for (const generator of generators) {
    const all = of(generator);
    const within = (limit: number): number => all.filter((run) => run.found !== null && run.seconds <= limit).length;
    lines.push(row([generator, ...BUCKETS.map((limit) => percent(within(limit), all.length))]));
  }
  lines.push('', '## Mutant by mutant', '', row(['mutant', 'generator', ...HEADING]));
  lines.push(row(['---', '---', ...HEADING.map(() => '---:')]));
  for (const mutant of new Set(runs.map((run) => run.mutant)))
    for (const generator of generators)
      lines.push(row([mutant, generator, ...cells(of(generator).filter((run) => run.mutant === mutant))]));
  return `${lines.join('\n')}\n`;
}
