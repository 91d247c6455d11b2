import { agree } from '../src/targets/agreement.ts';
import { openTarget } from '../src/targets/open.ts';
import { row } from './markdown.ts';
import { RUNS, type Sameness, samenessOf, scheduledPrograms } from './schedules/repeats.ts';
import { clockSeeds, parseOptions, positive, refuse, say } from './script.ts';

/**
 * `npm run bench:schedules [-- --kernel linux:NAME --cpus N,N --programs N]`: runs random parallel programs with drawn
 * schedules five times each, and prints how many interleaved in the same way each time, how many had the same trace, and
 * how many had the same trace where the contract decides.
 */

const values = parseOptions('bench:schedules', {
  kernel: { type: 'string', default: 'linux:trixie' },
  cpus: { type: 'string', default: '2,4' },
  programs: { type: 'string', default: '2000' },
});

/** Programs that are sent at a time. */
const BATCH = 50;

const programs = positive('programs', values.programs);
const heading = [
  'kernel',
  'CPUs',
  'seed',
  'programs',
  `same interleaving in all ${RUNS} runs`,
  'same trace',
  'same where the contract decides',
  'stuck',
];
say(row(heading));
say(row(heading.map(() => '---')));

for (const cpus of values.cpus.split(',').map((text) => positive('cpus', text))) {
  const target = await openTarget(values.kernel, { cpus });
  try {
    const { can, name } = target.manifest;
    if (!can.has('schedule') || !can.has('repeat')) refuse(`${values.kernel} cannot run programs with schedules again`);
    const [seed] = clockSeeds(1);
    const draw = scheduledPrograms(target.manifest, seed);
    const { terms } = agree(target.manifest);
    const all: Sameness[] = [];
    while (all.length < programs) {
      const batch = Array.from({ length: Math.min(BATCH, programs - all.length) }, draw);
      all.push(...(await target.run(batch)).map((answer) => samenessOf(answer, terms)));
    }
    const stuck = all.reduce((sum, one) => sum + one.stuck, 0);
    const count = (what: 'interleaving' | 'trace' | 'decided'): number => all.filter((one) => one[what]).length;
    say(row([name, cpus, seed, all.length, count('interleaving'), count('trace'), count('decided'), stuck]));
  } finally {
    await target.close();
  }
}
