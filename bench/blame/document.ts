import { MUTANTS } from '../../fixtures/simulator/mutants/index.ts';
import { median, quantile } from '../quantile.ts';
import type { Blame } from './measure.ts';

/** What was measured, and how. */
export interface Measured {
  /** The base version, as Git names it. */
  readonly base: string;
  readonly seeds: readonly number[];
  /** Processor time of each run. */
  readonly seconds: number;
  readonly mutants: number;
  readonly now: readonly Blame[];
  readonly before: readonly Blame[];
  /** Runs of the current version, whether they found something or not. */
  readonly runs: number;
}

const share = (part: number, of: number): string =>
  `${part} of ${of} (${((100 * part) / Math.max(1, of)).toFixed(1)}%)`;

/** The figures of one version, as cells. */
function figures(runs: readonly Blame[]): string[] {
  const reports = runs.map((run) => run.reports);
  return [
    String(runs.length),
    share(runs.filter(({ names }) => names).length, runs.length),
    share(runs.filter(({ quotes }) => quotes).length, runs.length),
    share(runs.filter(({ promises }) => promises).length, runs.length),
    String(median(reports)),
    String(quantile(reports, 0.95) ?? 0),
  ];
}

const LABELS = [
  'runs that found something',
  'first report names a call with the fault',
  'first report quotes an acceptable clause',
  'the same, or the same promise of another call',
  'reports per run, median',
  'reports per run, 95th percentile',
];

const mark = ({ names, quotes }: Blame): string =>
  [names ? '' : 'another call', quotes ? '' : 'another clause'].filter((text) => text !== '').join(', ');

function rows({ now, before }: Measured): string[] {
  const cell = (runs: readonly Blame[]): string =>
    runs.map((run) => `${run.reports}: ${run.first}${mark(run) === '' ? '' : ` **${mark(run)}**`}`).join('<br>') || '-';
  return MUTANTS.flatMap(({ name }) => {
    const of = (runs: readonly Blame[]): Blame[] => runs.filter(({ mutant }) => mutant === name);
    return of(now).length + of(before).length === 0 ? [] : [`| ${name} | ${cell(of(now))} | ${cell(of(before))} |`];
  });
}

/** The results as a page. */
export function document(measured: Measured): string {
  const { base, seeds, seconds, mutants, now, before, runs } = measured;
  const [mine, theirs] = [figures(now), figures(before)];
  return `# Whom the reports blame, measured

${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}. ${mutants} mutants, ${seeds.length} seed${seeds.length === 1 ? '' : 's'} drawn by the clock (${seeds.join(', ')}),
${seconds} s of processor time for each run; ${runs} runs. \`npm run bench:blame\` repeats it with 5 new seeds and 20 s.

Each mutant's file says which calls have the fault (\`calls\`) and which clauses a fair report may quote first (\`accepts\`).
Of programs with a parallel block, the report names the calls that overlap. Reports of ${base} name no culprit: the call of
the failing step counts, and every call that lists the quoted clause. Sibling calls promise the same in clauses of their own,
such as VUNMAP-2, VM-6 and RAM-6, and a mutant's file can name two only: the line after "acceptable clause" counts the others, too.

| | now | ${base} |
| --- | ---: | ---: |
${LABELS.map((label, i) => `| ${label} | ${mine[i]} | ${theirs[i]} |`).join('\n')}

For each run: the number of reports, then the clause that the first one quotes and the calls that it names.

| mutant | now | ${base} |
| --- | --- | --- |
${rows(measured).join('\n')}
`;
}
