import { row } from '../markdown.ts';
import { median } from '../quantile.ts';
import { type Bug, timeFor } from './bug.ts';
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

const bugNamed = (bug: string): Bug | undefined => BUGS.find(({ name }) => name === bug);
const isRace = (bug: string): boolean => bugNamed(bug)?.race ?? false;

/** Medians of runs that found something: seconds to find it and to report it, and programs. */
const figures = (found: readonly Run[]): (string | number)[] => [
  median(found.map(({ seconds }) => seconds)).toFixed(1),
  median(found.map(({ reportSeconds }) => reportSeconds!)).toFixed(1),
  median(found.map(({ programs }) => programs)),
];

/** The runs of one bug in one way with as many CPUs, as a line of the table. The figures are medians. */
function line(runs: readonly Run[]): string {
  const [{ bug, way, cpus }] = runs;
  const found = runs.filter(({ clause }) => clause !== null);
  return row([
    isRace(bug) ? `${bug} (race)` : bug,
    bugNamed(bug)?.fix ?? '',
    way,
    cpus,
    `${found.length}/${runs.length}`,
    median(runs.map(({ buildSeconds }) => buildSeconds)).toFixed(1),
    ...(found.length > 0 ? figures(found) : ['', '', '']),
    [...new Set(found.map(({ clause }) => clause))].join(', '),
    `${found.filter(({ named }) => named).length}/${found.length}`,
  ]);
}

/** How many runs found their bug in time: those with races, or those with sequential bugs. */
function foundInTime(runs: readonly Run[], race: boolean, seconds: number): string {
  const some = runs.filter(({ bug }) => isRace(bug) === race);
  const found = some.filter((run) => run.clause !== null && run.seconds <= seconds);
  return `${found.length} of ${some.length} runs with ${race ? 'races' : 'sequential bugs'} found the bug within ${seconds} s`;
}

/** In how many of the runs that found something the report blames the right call. */
function culpritNamed(runs: readonly Run[]): string {
  const found = runs.filter(({ clause }) => clause !== null);
  const right = found.filter(({ named }) => named);
  return `${right.length} of the ${found.length} reports blame a call whose code is wrong`;
}

/** What all runs of the table have in common. */
interface About {
  /** Version of the sources. */
  readonly kernel: string;
  /** As `YYYY-MM-DD`. */
  readonly date: string;
  /** Time limit of a run with a bug that is no race. */
  readonly seconds: number;
}

/** The table as a page in Markdown. */
export function document(runs: readonly Run[], { kernel, date, seconds }: About): string {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = `${run.bug} ${run.way} ${run.cpus}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [
    '# Bugs in the sources of Linux',
    '',
    `Written by \`npm run bench:kernels\` on ${date}, with the sources of Linux ${kernel}. Each bug was put into the sources`,
    'and run from seeds that the clock drew. A program that fails without the bug, too, does not count. Seconds are',
    'processor time of mmspec, the target and the compilers together: to build, to find the first program that fails, and',
    'to shrink it and report it, too. Figures are medians.',
    '',
    `* ${foundInTime(runs, false, seconds)}.`,
    `* ${foundInTime(runs, true, timeFor({ race: true }, seconds))}.`,
    `* ${culpritNamed(runs)}.`,
    '',
    row(HEADING),
    row(HEADING.map(() => '---')),
    ...[...groups.values()].map(line),
    '',
  ].join('\n');
}
