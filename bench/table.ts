import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { inRevision } from './checkout.ts';
import { benchLines, runMicroseconds } from './checkout-speed.ts';
import { parseOptions, positive, refuse, say } from './script.ts';
import { type Row, speedTable, withTable } from './speed-table.ts';

/**
 * `npm run bench:table -- --base REVISION [--rounds N] [--steps N] [--write]`: measures this tree and an older revision
 * in turn, round by round, and prints a table in Markdown. `--write` puts it into docs/benchmarks.md. Run it on an idle
 * machine.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));
const SEED = '77';

/** The parts of the benchmark, and runs of random programs. Older revisions have no option `--jobs`. */
const PARTS = ['generate', 'execute', 'judge', 'end to end', 'fc.commands'];
const RUNS = [
  { line: 'run, sequential programs', parallel: '0', jobs: 1 },
  { line: 'run, 75% parallel programs', parallel: '75', jobs: 1 },
  { line: 'run, sequential programs, two jobs', parallel: '0', jobs: 2 },
  { line: 'run, 75% parallel programs, two jobs', parallel: '75', jobs: 2 },
];

/** Measures each line of one tree once, in microseconds per step. */
async function measure(folder: string, steps: number, hasJobs: boolean): Promise<Map<string, number>> {
  const lines = new Map(await benchLines(folder));
  for (const { line, parallel, jobs } of RUNS) {
    if (jobs > 1 && !hasJobs) {
      // The older revision runs in one thread: compare two jobs of this tree with that.
      lines.set(line, lines.get(line.replace(', two jobs', ''))!);
      continue;
    }
    const args = ['--seed', SEED, '--steps', String(steps), '--parallel', parallel];
    lines.set(line, runMicroseconds(folder, [...args, ...(hasJobs ? ['--jobs', String(jobs)] : [])]));
  }
  return lines;
}

const values = parseOptions('bench:table', {
  base: { type: 'string' },
  rounds: { type: 'string', default: '5' },
  steps: { type: 'string', default: '3000000' },
  write: { type: 'boolean', default: false },
});
const base = values.base ?? refuse('--base is missing: name the revision to compare with');
const rounds = positive('rounds', values.rounds);
const steps = positive('steps', values.steps);

const rows = new Map<string, Row>(
  [...PARTS, ...RUNS.map(({ line }) => line)].map((line) => [line, { line, now: [], before: [] }]),
);
await inRevision(ROOT, base, async (folder) => {
  for (let round = 0; round < rounds; round++) {
    for (const [line, value] of await measure(folder, steps, false)) rows.get(line)?.before.push(value);
    for (const [line, value] of await measure(ROOT, steps, true)) rows.get(line)?.now.push(value);
  }
});
const when = new Date().toISOString().slice(0, 10);
const table = speedTable([...rows.values()], {
  base,
  rounds,
  steps,
  when,
  node: process.version,
  cpus: availableParallelism(),
});
say(table);
if (values.write) writeFileSync(PAGE, withTable(readFileSync(PAGE, 'utf8'), table));
