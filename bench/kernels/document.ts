import { row } from '../markdown.ts';
import { median } from '../quantile.ts';
import { BUGS } from './bugs/index.ts';
import type { Run } from './hunt.ts';

const HEADING = [
  'bug',
  'fix',
  'as',
  'CPUs',
  'found',
  'build, s',
  'find, s',
  'report, s',
  'programs',
  'clauses',
  'culprit named',
];

/** The runs of one bug in one way with as many CPUs, as a line of the table. The figures are medians. */
function line(runs: readonly Run[]): string {
  const [{ bug, way, cpus }] = runs;
  const found = runs.filter(({ clause }) => clause !== null);
  const { fix = '', race } = BUGS.find(({ name }) => name === bug) ?? {};
  return row([
    race ? `${bug} (race)` : bug,
    fix,
    way,
    cpus,
    `${found.length}/${runs.length}`,
    median(runs.map(({ buildSeconds }) => buildSeconds)).toFixed(1),
    median(found.map(({ seconds }) => seconds)).toFixed(1),
    median(found.map(({ reportSeconds }) => reportSeconds!)).toFixed(1),
    median(found.map(({ programs }) => programs)),
    [...new Set(found.map(({ clause }) => clause))].join(', '),
    `${found.filter(({ named }) => named).length}/${found.length}`,
  ]);
}

/** The table as a page in Markdown. `date`: as `YYYY-MM-DD`. */
export function document(runs: readonly Run[], kernel: string, date: string): string {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = `${run.bug} ${run.way} ${run.cpus}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [
    '# Bugs in the sources of Linux',
    '',
    `Written by \`npm run bench:kernels\` on ${date}, with the sources of Linux ${kernel}. Each bug was put into the sources`,
    'and run from seeds that the clock drew. A program that fails without the bug, too, does not count. Seconds are by the',
    'clock: to build, to find the first program that fails, and to shrink it and report it, too. Figures are medians.',
    '',
    row(HEADING),
    row(HEADING.map(() => '---')),
    ...[...groups.values()].map(line),
    '',
  ].join('\n');
}
