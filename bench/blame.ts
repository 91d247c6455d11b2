import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MUTANTS } from '../fixtures/simulator/mutants/index.ts';
import { document } from './blame/document.ts';
import { type Blame, measure, versionIn } from './blame/measure.ts';

/**
 * `npm run bench:blame [-- --seeds N --seconds N --mutant NAME --base REVISION --output FILE]`: runs every mutant from
 * seeds that the clock draws, and counts the runs whose first report names a call with the fault and quotes an
 * acceptable clause. Then the same with an older revision, which is checked out into a temporary folder.
 */

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '20' },
    mutant: { type: 'string', multiple: true },
    base: { type: 'string', default: '6d5d84c' },
    output: { type: 'string' },
  },
});

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const git = (...args: string[]): string => execFileSync('git', ['-C', ROOT, ...args], { encoding: 'utf8' });

const chosen = MUTANTS.filter(({ name }) => values.mutant === undefined || values.mutant.includes(name));
if (chosen.length === 0) {
  process.stderr.write(`no such mutant; there are: ${MUTANTS.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}
const seconds = Number(values.seconds);
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => (Date.now() + i * 7919) % 2 ** 31);
say(`seeds ${seeds.join(', ')}`);

/** Runs a version on all mutants from all seeds. */
async function runsOf(name: string, folder: string): Promise<Blame[]> {
  const version = await versionIn(folder);
  const runs: Blame[] = [];
  for (const mutant of chosen) {
    for (const seed of seeds) {
      const run = await measure(version, mutant, seed, seconds).catch((error: Error) =>
        say(`${name} ${mutant.name}: ${error.message}`),
      );
      if (typeof run !== 'object') continue;
      runs.push(run);
      const wrong = `${run.names ? '' : ' another call'}${run.quotes ? '' : ' another clause'}`;
      say(`${name} ${mutant.name}: ${run.reports} reports, first ${run.first}${wrong}`);
    }
  }
  return runs;
}

/** Checks out a revision, passes its folder to `act`, and removes it. */
async function inRevision<T>(revision: string, act: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(mkdtempSync(join(tmpdir(), 'mmspec-base-')), 'tree');
  git('worktree', 'add', '--quiet', '--detach', folder, revision);
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    return await act(folder);
  } finally {
    git('worktree', 'remove', '--force', folder);
    rmSync(dirname(folder), { recursive: true });
  }
}

const now = await runsOf('now', ROOT);
const before = await inRevision(values.base, (folder) => runsOf(values.base, folder));
const page = document({ base: values.base, seeds, seconds, mutants: chosen.length, now, before });
say(`\n${page}`);
if (values.output !== undefined) {
  mkdirSync(dirname(values.output), { recursive: true });
  writeFileSync(values.output, page);
}
