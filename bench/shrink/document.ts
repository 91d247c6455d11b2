import { RACE_SEEDS } from './races.ts';
import { markdownHeading, markdownRow, type Row, summary } from './table.ts';

/** What was measured, and how. */
export interface Measured {
  readonly rows: readonly Row[];
  /** The table of races, line by line. */
  readonly races: readonly string[];
  readonly seeds: number;
  /** Programs that were tried at most, and those of fc.commands. */
  readonly programs: string;
  readonly baseline: string;
  readonly output: string;
}

/** The results as a page. */
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

Each mutant that sequential programs show, seeds 1 to ${seeds}, programs of 2 CPUs and 64 frames. **found**: seeds that found a
failure within ${programs} programs (${baseline} of fc.commands). **programs**: until the first failure. **executions**: programs run to
shrink it, those of the certificate not counted; **most**: of any seed. **length**: steps of the shrunk program; **least**:
steps of it once its certificate had looked for a shorter one, which is shrunk and certified again;
**tried**: the shorter programs that this rests on, of at most 50,000 that are tried in all. **texts**: distinct final texts, a number for each kind of
failure (clause, call and kind of outcome) that the seeds came upon. All but counts are medians. **fc**: the same calls,
model, target and judge through fc.commands. Everything is counted in programs, so that the table is the same on any
machine; only the races have times in them.

${summary(rows)}

${[markdownHeading(), ...rows.map((row) => markdownRow(row, seeds))].join('\n')}

## Races

The faults that only overlap shows, seeds 1 to ${RACE_SEEDS}, until the first failure, 30 s at most: **seconds** (of processor time) to
find and shrink it; **executions** to shrink it, schedules that were tried included, at the median; **steps** and **lanes** of the shrunk
programs; distinct **texts** by kind of failure; how many of 100 replays of a text fail in the same way, at least.

${races.join('\n')}
`;
