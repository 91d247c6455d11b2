import { fileURLToPath } from 'node:url';
import { MUTANTS } from '../fixtures/simulator/mutants/index.ts';
import type { Mutant } from '../fixtures/simulator/mutants/mutant.ts';
import { writeWhole } from '../src/common/files.ts';
import { agree } from '../src/targets/agreement.ts';
import { embedded } from '../src/targets/embedded/index.ts';
import { inRevision } from './checkout.ts';
import { document } from './find/document.ts';
import type { Order, Run } from './find/hunt.ts';
import { withinReach } from './find/source.ts';
import { runAll } from './find/workers.ts';
import { RunRecord } from './record.ts';
import { chosenFrom, clockSeeds, parseOptions, positive, say } from './script.ts';

/**
 * `npm run bench:find [-- --seeds N --seconds N --mutants NAME,... --base REVISION --base-seeds N --jobs N --resume FILE
 * --output FILE]`: runs every mutant from seeds that the clock draws until the first program fails, and writes how much
 * that took. Programs of an older revision run from the first `--base-seeds` seeds, on those mutants that they can find:
 * a mutant is left out if its shortest program has a call that the older revision does not know. `--base none` leaves the
 * older revision out. `--resume` keeps each run in a file, as a line of JSON, and goes on with the seeds of that file if it
 * exists.
 */

const values = parseOptions('bench:find', {
  seeds: { type: 'string', default: '20' },
  seconds: { type: 'string', default: '20' },
  mutants: { type: 'string', multiple: true },
  base: { type: 'string', default: '6d5d84c' },
  'base-seeds': { type: 'string', default: '20' },
  jobs: { type: 'string', default: '1' },
  resume: { type: 'string' },
  output: { type: 'string' },
});

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NOW = 'now';

const chosen = chosenFrom('mutant', MUTANTS, values.mutants);

const jobs = positive('jobs', values.jobs);
const baseSeeds = positive('base-seeds', values['base-seeds']);
const record = new RunRecord<Run>(values.resume, {
  seeds: clockSeeds(positive('seeds', values.seeds)),
  seconds: positive('seconds', values.seconds, false),
  base: values.base,
});
const { settings } = record;
say(`seeds ${settings.seeds.join(', ')}; at most ${settings.seconds} s of processor time for each run`);

/**
 * Makes the runs that are not recorded yet. One seed after the other, so that a part of the table is about all mutants.
 * @param mutants those to run.
 * @param seeds the seeds to run each from.
 * @param folders where each revision is, by its name.
 */
async function measure(
  mutants: readonly Mutant[],
  seeds: readonly number[],
  folders: ReadonlyMap<string, string>,
): Promise<void> {
  const orders = seeds.flatMap((seed) =>
    mutants.flatMap(({ name: mutant }) =>
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

const { base, seeds } = settings;
const now: [string, string] = [NOW, ROOT];
if (base !== 'none')
  await inRevision(ROOT, base, async (folder) => {
    const { manifest } = embedded('lazy')!;
    const comparable = await withinReach(folder, manifest, agree(manifest).traits, chosen);
    say(`${base} has the calls of ${comparable.length} of ${chosen.length} mutants`);
    await measure(comparable, seeds.slice(0, baseSeeds), new Map([now, [base, folder]]));
  });
await measure(chosen, seeds, new Map([now]));

const races = new Set(MUTANTS.filter(({ race }) => race).map(({ name }) => name));
const page = document(settings, record.runs, races);
say(`\n${page}`);
if (values.output !== undefined) writeWhole(values.output, page);
