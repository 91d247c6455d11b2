import { grouped } from '../src/common/words.ts';
import { median } from './quantile.ts';

/** One line of the benchmark, measured in each round, in microseconds per step. */
export interface Row {
  readonly line: string;
  readonly now: number[];
  readonly before: number[];
}

/** How the table was measured. */
interface Circumstances {
  /** The older revision. */
  readonly base: string;
  readonly rounds: number;
  /** Steps of each run. */
  readonly steps: number;
  /** The day, as 2026-11-26. */
  readonly when: string;
  readonly node: string;
  readonly cpus: number;
}

const stepsPerSecond = (microseconds: number): string => grouped(1e6 / microseconds);

/** How many times as fast it is now: the median of the rounds, with the least and the largest. */
function speedUp({ now, before }: Row): string {
  const ratios = now.map((value, round) => before[round] / value);
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
  return `${median(ratios).toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`;
}

/** The table in Markdown, with how it was measured. */
export function speedTable(rows: readonly Row[], { base, rounds, steps, when, node, cpus }: Circumstances): string {
  const lines = rows.map((row) => {
    const [now, before] = [median(row.now), median(row.before)];
    return `| ${row.line} | ${now.toFixed(3)} | ${stepsPerSecond(now)} | ${before.toFixed(3)} | ${speedUp(row)} |`;
  });
  return [
    `Measured on ${when} on ${cpus} cores with Node ${node.slice(1)}: medians of ${rounds} rounds, in which this version and`,
    `${base} took turns. Runs have ${grouped(steps)} steps, by the clock. The last column is how many times as fast this`,
    'version is, with the least and the largest of all rounds. For two jobs it is compared with one job of the older version.',
    'The parts were measured with `node --no-allocation-site-pretenuring`.',
    '',
    `| line | us per step | steps/s | us per step, ${base} | times as fast |`,
    '| --- | ---: | ---: | ---: | ---: |',
    ...lines,
  ].join('\n');
}

const [START, END] = ['<!-- Written by npm run bench:table. -->', '<!-- End of the table. -->'];

/**
 * The page with the table between its marks.
 * @throws Error if the page lacks a mark.
 */
export function withTable(page: string, table: string): string {
  const [from, to] = [page.indexOf(START), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`the page lacks the lines ${START} and ${END}`);
  return `${page.slice(0, from)}${START}\n\n${table}\n\n${page.slice(to)}`;
}
