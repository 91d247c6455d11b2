import { availableParallelism } from 'node:os';
import { writeWhole } from '../src/common/files.ts';
import { listMutants } from '../src/targets/embedded/index.ts';
import { chosenFrom, parseOptions, positive, say } from './script.ts';
import { document } from './shrink/document.ts';
import { raceHeading, raceRow } from './shrink/races.ts';
import { sideBySide } from './shrink/side-by-side.ts';
import { COLUMNS, markdownHeading, markdownRow, summary } from './shrink/table.ts';

/**
 * `npm run bench:shrink [-- --seeds N --mutant NAME --programs N --baseline N --jobs N --output FILE]`: finds, shrinks
 * and certifies every mutant that programs without overlap can show, from the seeds 1 to N, next to fc.commands with
 * the same oracle. Then finds and shrinks the mutants that only overlap can show. Prints tables in Markdown; --output
 * writes them to a page as well.
 */

const values = parseOptions('bench:shrink', {
  seeds: { type: 'string', default: '50' },
  mutant: { type: 'string', multiple: true },
  programs: { type: 'string', default: '5000' },
  baseline: { type: 'string', default: '1000' },
  jobs: { type: 'string', default: String(availableParallelism()) },
  output: { type: 'string' },
});

const seeds = positive('seeds', values.seeds);
const programs = positive('programs', values.programs);
const baseline = positive('baseline', values.baseline);
const jobs = positive('jobs', values.jobs);
const asked = chosenFrom('mutant', listMutants(), values.mutant);
const sequential = asked.filter(({ race }) => race !== true);
const races = asked.filter(({ race }) => race === true);

say(`${COLUMNS}\n\n${markdownHeading()}`);
const orders = sequential.map(({ name }) => ({ name, seeds, programs, baseline }));
const rows = await sideBySide(orders, jobs, (row) => say(markdownRow(row, seeds)));
say(`\n${summary(rows)}\n`);

const raceLines = [raceHeading()];
say(raceLines[0]);
for (const { name } of races) {
  raceLines.push(await raceRow(name));
  say(raceLines[raceLines.length - 1]);
}

if (values.output !== undefined) {
  const { output } = values;
  writeWhole(
    output,
    document({ rows, races: raceLines, seeds, programs: values.programs, baseline: values.baseline, output }),
  );
}
