import { fileURLToPath } from 'node:url';
import { MUTANTS, type Mutant } from '../fixtures/simulator/mutants/index.ts';
import { writeWhole } from '../src/common/files.ts';
import { document } from './blame/document.ts';
import { type Blame, measure, type Run, type Version, versionIn } from './blame/measure.ts';
import { inRevision } from './checkout.ts';
import { RunRecord } from './record.ts';
import { chosenFrom, clockSeeds, parseOptions, positive, say } from './script.ts';

/**
 * `npm run bench:blame [-- --seeds N --seconds N --mutant NAME --base REVISION --resume FILE --output FILE]`: runs every
 * mutant from seeds that the clock draws, and counts the runs whose first report names a call with the fault and quotes
 * an acceptable clause. The same with an older revision, which is checked out into a temporary folder; `--base none`
 * leaves it out. `--resume` keeps each result in a file, and goes on with the seeds of that file if it exists.
 */

const values = parseOptions('bench:blame', {
  seeds: { type: 'string', default: '5' },
  seconds: { type: 'string', default: '20' },
  mutant: { type: 'string', multiple: true },
  base: { type: 'string', default: '6d5d84c' },
  resume: { type: 'string' },
  output: { type: 'string' },
});

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const chosen = chosenFrom('mutant', MUTANTS, values.mutant);
const record = new RunRecord<Run>(values.resume, {
  seeds: clockSeeds(positive('seeds', values.seeds)),
  seconds: positive('seconds', values.seconds, false),
  base: values.base,
});
const { seeds, seconds, base } = record.settings;
say(`seeds ${seeds.join(', ')}; ${seconds} s of processor time for each run`);

const NOTHING = 'nothing found';

/** Runs a version on a mutant from a seed, unless that is recorded already. */
async function runOnce(version: Version, name: string, mutant: Mutant, seed: number): Promise<void> {
  const run = { version: name, mutant: mutant.name, seed };
  if (record.has(run)) return;
  const blame = await measure(version, mutant, seed, seconds).catch((error: Error) => {
    say(`${name} ${mutant.name}: ${error.message}`);
    return undefined;
  });
  record.add({ ...run, blame: blame ?? null });
  const wrong = blame ? `${blame.names ? '' : ' another call'}${blame.quotes ? '' : ' another clause'}` : '';
  say(`${name} ${mutant.name} ${seed}: ${blame ? `${blame.reports} reports, first ${blame.first}${wrong}` : NOTHING}`);
}

/** Runs all mutants from all seeds. One seed after the other, so that a part of the table is about all mutants. */
async function runAll(versions: ReadonlyMap<string, Version>): Promise<void> {
  for (const seed of seeds)
    for (const mutant of chosen) for (const [name, version] of versions) await runOnce(version, name, mutant, seed);
}

const NOW = 'now';
const now = await versionIn(ROOT);
if (base === 'none') await runAll(new Map([[NOW, now]]));
else
  await inRevision(ROOT, base, async (folder) => {
    const before = await versionIn(folder);
    await runAll(
      new Map([
        [NOW, now],
        [base, before],
      ]),
    );
  });
const runsOf = (version: string): Run[] => record.runs.filter((run) => run.version === version);
/** What the runs of a version found. */
const foundBy = (version: string): Blame[] => runsOf(version).flatMap((run) => run.blame ?? []);

const page = document({
  base,
  seeds,
  seconds,
  mutants: chosen.length,
  now: foundBy(NOW),
  before: foundBy(base),
  runs: runsOf(NOW).length,
});
say(`\n${page}`);
if (values.output !== undefined) writeWhole(values.output, page);
