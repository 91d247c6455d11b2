import { CPUS, FRAMES } from '../oracle.ts';
import { MAX_SECONDS, RACE_SEEDS, REPLAYS } from './races.ts';
import { COLUMNS, markdownHeading, markdownRow, type Row, summary } from './table.ts';

/** What was measured, and how. */
export interface Measured {
  readonly rows: readonly Row[];
  /** The table of races, line by line. */
  readonly races: readonly string[];
  readonly seeds: number;
  /** The most programs until a failure, with the kit and with fc.commands. */
  readonly programs: string;
  readonly baseline: string;
  /** Where the page is written. */
  readonly output: string;
}

/** The results as a page of Markdown. */
export const document = ({
  rows,
  races,
  seeds,
  programs,
  baseline,
  output,
}: Measured): string => `# Finding and shrinking, measured

${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}. To repeat it:

    npm run bench:shrink -- --seeds ${seeds} --output ${output}

Each mutant that a program without overlap can show, seeds 1 to ${seeds}. A seed runs at most ${programs} programs (fc.commands:
${baseline}) of ${CPUS} CPUs and ${FRAMES} frames. Everything is counted in programs, so the table is the same on every machine.

${COLUMNS}

${summary(rows)}

${[markdownHeading(), ...rows.map((row) => markdownRow(row, seeds))].join('\n')}

## Races

Each mutant that only overlap can show, seeds 1 to ${RACE_SEEDS}. A seed runs until the first failure, or for ${MAX_SECONDS} s.

* **found**: seeds that found the race.
* **seconds, most**: processor time to find and shrink it, the maximum.
* **executions**: programs and schedules that were run to shrink it, the median.
* **steps**, **lanes, most**: of the shrunk programs; all numbers of steps that occur, and the maximum of lanes.
* **texts**: the number of distinct shrunk programs for each failure.
* **replays that fail**: of ${REPLAYS} replays of a shrunk program, those that fail in the same way; the minimum.

${races.join('\n')}
`;
