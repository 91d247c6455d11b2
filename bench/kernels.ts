import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeWhole } from '../src/common/files.ts';
import { timeFor, type Way } from './kernels/bug.ts';
import { BUGS } from './kernels/bugs/index.ts';
import { Builder, openStock } from './kernels/build.ts';
import { document } from './kernels/document.ts';
import { edited } from './kernels/edit.ts';
import { hunt, type Run } from './kernels/hunt.ts';
import { RunRecord } from './record.ts';
import { chosenFrom, clockSeeds, parseOptions, positive, refuse, say } from './script.ts';

/**
 * `npm run bench:kernels -- --tree FOLDER [--way vmalloc|kernel --seeds N --seconds N --cpus N,N --bugs NAME,... --resume
 * FILE --output FILE]`: puts bugs into the sources of Linux 6.12, one at a time, builds them, and measures how much it
 * takes to find them from seeds that the clock draws. All seconds are processor time. `--way vmalloc`, the default,
 * builds `mm/vmalloc.c` as a program; `--way kernel` builds the tree, which must be configured and built already, and
 * boots it. `--resume` keeps each run in a file, as a line of JSON, and goes on with the seeds of that file if it exists.
 * The sources are edited in place and put back; if this script is killed, unpack them again.
 */

const values = parseOptions('bench:kernels', {
  tree: { type: 'string' },
  way: { type: 'string', default: 'vmalloc' },
  seeds: { type: 'string', default: '3' },
  seconds: { type: 'string', default: '30' },
  cpus: { type: 'string', default: '2' },
  bugs: { type: 'string', multiple: true },
  resume: { type: 'string' },
  output: { type: 'string' },
});

interface Settings {
  readonly seeds: readonly number[];
  /** Processor time of each run, at most. A race gets four times as much. */
  readonly seconds: number;
  readonly cpus: readonly number[];
}

const VMALLOC_FILE = 'mm/vmalloc.c';

if (values.tree === undefined) refuse('name the sources with --tree FOLDER; Debian packs them as linux-source-6.12');
const folder = resolve(values.tree);
const way = values.way as Way;
if (way !== 'vmalloc' && way !== 'kernel') refuse(`--way is ${values.way}, but must be vmalloc or kernel`);
const chosen = chosenFrom('bug', BUGS, values.bugs).filter(
  ({ edit, only }) => (way === 'kernel' || edit.file === VMALLOC_FILE) && (only ?? way) === way,
);

for (const { name, edit } of chosen) {
  try {
    edited(readFileSync(join(folder, edit.file), 'utf8'), edit);
  } catch (error) {
    refuse(`${name} cannot be put into ${folder}: ${(error as Error).message}; unpack the sources again`);
  }
}

const record = new RunRecord<Run, Settings>(values.resume, {
  seeds: clockSeeds(positive('seeds', values.seeds)),
  seconds: positive('seconds', values.seconds, false),
  cpus: values.cpus.split(',').map((text) => positive('cpus', text)),
});
const { seeds, seconds, cpus } = record.settings;
say(`seeds ${seeds.join(', ')}; at most ${seconds} s for each run, ${timeFor({ race: true }, seconds)} s for a race`);

const builder = new Builder(folder);

/** Says that a run could not be made. The others go on. */
function complain(run: string, { message }: Error): undefined {
  process.exitCode = 1;
  say(`${run}: not measured: ${message}`);
}

/** Makes the runs with a number of CPUs that are not recorded yet. */
async function measure(number: number): Promise<void> {
  const ids = seeds.flatMap((seed) => chosen.map((bug) => ({ bug, id: { way, seed, cpus: number } })));
  const left = ids.filter(({ bug, id }) => !record.has({ bug: bug.name, ...id }));
  if (left.length === 0) return;
  const stock = await openStock(left[0].id, folder);
  try {
    for (const { bug, id } of left) {
      const run = await hunt(bug, id, { builder, seconds: timeFor(bug, seconds), stock: stock.open }).catch(
        (error: Error) => complain(`${bug.name}, ${number} CPUs, seed ${id.seed}`, error),
      );
      if (!run) continue;
      record.add(run);
      const found = run.clause === null ? 'not found' : `${run.clause}${run.named ? '' : ', another call blamed'}`;
      say(
        `${bug.name}, ${number} CPUs: built in ${run.buildSeconds.toFixed(1)} s, ${found} in ${run.seconds.toFixed(1)} s after ${run.programs} programs`,
      );
    }
  } finally {
    await stock.close();
  }
}

for (const number of cpus) await measure(number);
builder.remove();

const version = /^VERSION = (\d+)\nPATCHLEVEL = (\d+)\nSUBLEVEL = (\d+)/m.exec(
  readFileSync(join(folder, 'Makefile'), 'utf8'),
);
const page = document(record.runs, {
  kernel: version?.slice(1).join('.') ?? 'unknown',
  date: new Date().toISOString().slice(0, 10),
  seconds,
});
if (values.output === undefined) say(`\n${page}`);
else writeWhole(values.output, page);
