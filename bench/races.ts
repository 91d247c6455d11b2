import { writeWhole } from '../src/common/files.ts';
import { listRaces } from '../src/targets/linux/faults.ts';
import { type OpenTarget, openTarget } from '../src/targets/open.ts';
import { document, type Settings } from './races/document.ts';
import { hunt, type Run, WAYS, type Way } from './races/hunt.ts';
import { RunRecord } from './record.ts';
import { chosenFrom, clockSeeds, parseOptions, positive, say } from './script.ts';

/**
 * `npm run bench:races [-- --kernel linux:NAME --seeds N --seconds N --races NAME,... --resume FILE --output FILE]`: runs
 * each race of fixtures/linux/races.def in a live kernel from seeds that the clock draws until the first program fails,
 * with swept schedules and with random delays, and writes how many steps that took. `--resume` keeps each run in a file,
 * as a line of JSON, and goes on with the settings of that file if it exists.
 */

const values = parseOptions('bench:races', {
  kernel: { type: 'string', default: 'linux:trixie' },
  seeds: { type: 'string', default: '10' },
  seconds: { type: 'string', default: '120' },
  races: { type: 'string', multiple: true },
  resume: { type: 'string' },
  output: { type: 'string' },
});

const chosen = chosenFrom('race', listRaces(), values.races).map(({ name }) => name);

const record = new RunRecord<Run, Settings>(values.resume, {
  seeds: clockSeeds(positive('seeds', values.seeds)),
  seconds: positive('seconds', values.seconds, false),
  kernel: values.kernel,
});
const { seeds, seconds, kernel } = record.settings;
say(`seeds ${seeds.join(', ')}; at most ${seconds} s for each run`);

const MIN_STEPS = 20_000;
const TIMES_MORE = 4;

let opened: Promise<OpenTarget> | undefined;
const stock = (): Promise<OpenTarget> => (opened ??= openTarget(kernel));

/** Largest number of steps of a run: delays with TIMES_MORE times the steps of schedules are compared well enough. */
function stepsFor(way: Way, race: string, seed: number): number {
  const other = record.runs.find((run) => run.way === 'schedules' && run.race === race && run.seed === seed);
  if (way === 'schedules' || !other) return Number.POSITIVE_INFINITY;
  return Math.max(MIN_STEPS, other.steps * TIMES_MORE);
}

/** Makes the runs of one seed and one race that are not recorded yet, on one machine. */
async function measure(race: string, seed: number): Promise<void> {
  const left = WAYS.filter((way) => !record.has({ race, way, seed }));
  if (left.length === 0) return;
  const faulty = await openTarget(kernel, { fault: race });
  try {
    for (const way of left) {
      await faulty.fresh?.();
      const run = await hunt({ faulty, stock }, { race, way, seed }, { seconds, steps: stepsFor(way, race, seed) });
      record.add(run);
      const { found, programs, steps } = run;
      say(
        `${race} ${way} ${seed}: ${found ?? 'nothing found'}, ${programs} programs, ${steps} steps, ${run.seconds.toFixed(1)} s`,
      );
    }
  } finally {
    await faulty.close();
  }
}

// One seed after the other, so that a part of the table is about all races.
for (const seed of seeds) for (const race of chosen) await measure(race, seed);
await (await opened)?.close();

const page = document(record.settings, record.runs);
say(`\n${page}`);
if (values.output !== undefined) writeWhole(values.output, page);
