import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { listMutants, mutant } from '../targets/embedded/index.ts';
import { runCommands } from './commands.ts';
import { hunt } from './shrink/ours.ts';
import { markdownHeading, markdownRow, type Row, summary } from './shrink/table.ts';

/**
 * `npm run bench:shrink [-- --seeds N --mutant NAME --output FILE]`: over the mutants that sequential programs show,
 * from the seeds 1 to N: programs to find the first failure, executions to shrink it, length of the shrunk program
 * beside the certified minimum, distinct texts; and the same through fc.commands with the same oracle.
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
const chosen = listMutants().filter(
  ({ name, race }) => race !== true && (values.mutant === undefined || values.mutant.includes(name)),
);
if (chosen.length === 0) {
  process.stderr.write(
    `no such mutant; there are: ${listMutants()
      .map(({ name }) => name)
      .join(', ')}\n`,
  );
  process.exit(2);
}
const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const each = <T>(act: (seed: number) => T | undefined): T[] =>
  Array.from({ length: seeds }, (_, i) => act(i + 1)).filter((one) => one !== undefined);

const rows: Row[] = [];
const lines = [markdownHeading()];
say(lines[0]);
for (const { name } of chosen) {
  const target = mutant(name)!;
  const ours = each((seed) => hunt(target, seed, Number(values.programs)));
  const commands = each((seed) => {
    const run = runCommands(target, seed, Number(values.baseline));
    return run.key === undefined ? undefined : run;
  });
  rows.push({ mutant: name, ours, commands });
  lines.push(markdownRow(rows[rows.length - 1], seeds));
  say(lines[lines.length - 1]);
}
say(`\n${summary(rows)}`);

if (values.output !== undefined) {
  const text = `# Finding and shrinking, measured

${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, one thread. To repeat it:

    npm run bench:shrink -- --seeds ${seeds} --output ${values.output}

Each mutant that sequential programs show, seeds 1 to ${seeds}, programs of 2 CPUs and 64 frames. **found**: seeds that found a
failure within ${values.programs} programs (${values.baseline} of fc.commands). **programs**: until the first failure. **executions**: programs run to
shrink it, those of the certificate not counted; **most**: of any seed. **length**: steps of the shrunk program; **least**:
steps of the shortest program over its calls and arguments that fails in the same way, as the certificate found it;
**tried**: programs tried for that, at most 60,000 or 3 s. **texts**: distinct final texts, a number for each kind of
failure (clause, call and kind of outcome) that the seeds came upon. All but counts are medians. **fc**: the same calls,
model, target and judge through fc.commands.

${summary(rows)}

${lines.join('\n')}
`;
  mkdirSync(new URL('results/', import.meta.url), { recursive: true });
  writeFileSync(values.output, text);
}
