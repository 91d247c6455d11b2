import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { listMutants } from '../src/targets/embedded/index.ts';
import { document } from './shrink/document.ts';
import { raceHeading, raceRow } from './shrink/races.ts';
import { sideBySide } from './shrink/side-by-side.ts';
import { markdownHeading, markdownRow, summary } from './shrink/table.ts';

/**
 * `npm run bench:shrink [-- --seeds N --mutant NAME --jobs N --output FILE]`: over the mutants that sequential programs show,
 * from the seeds 1 to N: programs to find the first failure, executions to shrink it, length of the shrunk program
 * beside the certified minimum, distinct texts; and the same through fc.commands with the same oracle. Then the mutants
 * that only overlap shows.
 */

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '50' },
    mutant: { type: 'string', multiple: true },
    programs: { type: 'string', default: '5000' },
    baseline: { type: 'string', default: '1000' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    output: { type: 'string' },
  },
});
const seeds = Number(values.seeds);
const asked = listMutants().filter(({ name }) => values.mutant === undefined || values.mutant.includes(name));
const chosen = asked.filter(({ race }) => race !== true);
const races = asked.filter(({ race }) => race === true);
if (asked.length === 0) {
  process.stderr.write(
    `no such mutant; there are: ${listMutants()
      .map(({ name }) => name)
      .join(', ')}\n`,
  );
  process.exit(2);
}
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

say(markdownHeading());
const orders = chosen.map(({ name }) => ({
  name,
  seeds,
  programs: Number(values.programs),
  baseline: Number(values.baseline),
}));
const rows = await sideBySide(orders, Number(values.jobs), (row) => say(markdownRow(row, seeds)));
say(`\n${summary(rows)}\n`);

const raceLines = [raceHeading()];
say(raceLines[0]);
for (const { name } of races) {
  raceLines.push(await raceRow(name));
  say(raceLines[raceLines.length - 1]);
}

if (values.output !== undefined) {
  const { programs, baseline, output } = values;
  mkdirSync(new URL('results/', import.meta.url), { recursive: true });
  writeFileSync(output, document({ rows, races: raceLines, seeds, programs, baseline, output }));
}
