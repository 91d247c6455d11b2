import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { listMutants, mutant } from '../targets/embedded/index.ts';
import { runCommands } from './commands.ts';
import { document } from './shrink/document.ts';
import { hunt } from './shrink/ours.ts';
import { raceHeading, raceRow } from './shrink/races.ts';
import { markdownHeading, markdownRow, type Row, summary } from './shrink/table.ts';

/**
 * `npm run bench:shrink [-- --seeds N --mutant NAME --output FILE]`: over the mutants that sequential programs show,
 * from the seeds 1 to N: programs to find the first failure, executions to shrink it, length of the shrunk program
 * beside the certified minimum, distinct texts; and the same through fc.commands with the same oracle. Then the mutants
 * that only overlap shows.
 */

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '50' },
    mutant: { type: 'string', multiple: true },
    programs: { type: 'string', default: '5000' },
    baseline: { type: 'string', default: '3000' },
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

async function each<T>(act: (seed: number) => T | undefined | Promise<T | undefined>): Promise<T[]> {
  const found: T[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const one = await act(seed);
    if (one !== undefined) found.push(one);
  }
  return found;
}

const rows: Row[] = [];
say(markdownHeading());
for (const { name } of chosen) {
  const target = mutant(name)!;
  const ours = await each((seed) => hunt(target, seed, Number(values.programs)));
  const commands = await each((seed) => {
    const run = runCommands(target, seed, Number(values.baseline));
    return run.key === undefined ? undefined : run;
  });
  rows.push({ mutant: name, ours, commands });
  say(markdownRow(rows[rows.length - 1], seeds));
}
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
