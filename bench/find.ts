import { fileURLToPath } from 'node:url';
import { MUTANTS } from '../fixtures/simulator/mutants/index.ts';
import { writeWhole } from '../src/common/files.ts';
import { inRevision } from './checkout.ts';
import { document } from './find/document.ts';
import type { Order, Run } from './find/hunt.ts';
import { runAll } from './find/workers.ts';
import { RunRecord } from './record.ts';
import { chosenFrom, clockSeeds, parseOptions, positive, say } from './script.ts';

/**
 * `npm run bench:find [-- --seeds N --seconds N --mutants NAME,... --base REVISION --jobs N --resume FILE --output FILE]`:
 * runs every mutant from seeds that the clock draws until the first program fails, with the programs of this revision and
 * with those of an older one, and writes how much that took. `--base none` leaves the older one out. `--resume` keeps each
 * run in a file, as a line of JSON, and goes on with the seeds of that file if it exists.
 */

const values = parseOptions('bench:find', {
  seeds: { type: 'string', default: '20' },
  seconds: { type: 'string', default: '20' },
  mutants: { type: 'string', multiple: true },
  base: { type: 'string', default: '6d5d84c' },
  jobs: { type: 'string', default: '1' },
  resume: { type: 'string' },
  output: { type: 'string' },
});

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NOW = 'now';

const chosen = chosenFrom('mutant', MUTANTS, values.mutants);

const jobs = positive('jobs', values.jobs);
const record = new RunRecord<Run>(values.resume, {
  seeds: clockSeeds(positive('seeds', values.seeds)),
  seconds: positive('seconds', values.seconds, false),
  base: values.base,
});
const { settings } = record;
say(`seeds ${settings.seeds.join(', ')}; at most ${settings.seconds} s of processor time for each run`);

/** Makes the runs that are not recorded yet. One seed after the other, so that a part of the table is about all mutants. */
async function measure(folders: ReadonlyMap<string, string>): Promise<void> {
  const orders = settings.seeds.flatMap((seed) =>
    chosen.flatMap(({ name: mutant }) =>
      [...folders].map(
        ([generator, folder]): Order => ({ generator, folder, mutant, seed, seconds: settings.seconds }),
      ),
    ),
  );
  const left = orders.filter(({ generator, mutant, seed }) => !record.has({ generator, mutant, seed }));
  await runAll(left, jobs, (run: Run) => {
    record.add(run);
    const { generator, mutant, seed, found, executions, steps } = run;
    say(
      `${generator} ${mutant} ${seed}: ${found ?? 'nothing found'}, ${executions} executions, ${steps} steps, ${run.seconds.toFixed(2)} s`,
    );
  });
}

if (settings.base === 'none') await measure(new Map([[NOW, ROOT]]));
else
  await inRevision(ROOT, settings.base, (folder) =>
    measure(
      new Map([
        [NOW, ROOT],
        [settings.base, folder],
      ]),
    ),
  );

const races = new Set(MUTANTS.filter(({ race }) => race).map(({ name }) => name));
const page = document(settings, record.runs, races);
say(`\n${page}`);
if (values.output !== undefined) writeWhole(values.output, page);
