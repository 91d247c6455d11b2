import { grouped } from '../../src/common/words.ts';
import { listRaces } from '../../src/targets/linux/faults.ts';
import { row } from '../markdown.ts';
import { median } from '../quantile.ts';
import type { Run, Way } from './hunt.ts';

/** What all runs of the table have in common. */
export interface Settings {
  readonly seeds: readonly number[];
  /** Time limit of a run, by the clock. */
  readonly seconds: number;
  /** The target without the fault: `linux:trixie`. */
  readonly kernel: string;
}

/** The median of the steps; `>` if that run ended without a failure: it would have needed more. */
function stepsText(runs: readonly Run[]): string {
  const steps = median(runs.map((run) => (run.found === null ? Number.POSITIVE_INFINITY : run.steps)));
  if (steps < Number.POSITIVE_INFINITY) return grouped(steps);
  return `> ${grouped(Math.min(...runs.flatMap((run) => (run.found === null ? [run.steps] : []))))}`;
}

/** The steps of all runs of a way: with a run that found nothing, a lower limit. */
const total = (runs: readonly Run[]): number => runs.reduce((sum, { steps }) => sum + steps, 0);

const foundText = (runs: readonly Run[]): string =>
  `${runs.filter(({ found }) => found !== null).length}/${runs.length}`;

function cells(race: string, runs: readonly Run[]): string[] {
  const of = (way: Way): Run[] => runs.filter((run) => run.race === race && run.way === way);
  const both = new Set(of('schedules').map(({ seed }) => seed));
  const delays = of('delays').filter(({ seed }) => both.has(seed));
  const schedules = of('schedules').filter(({ seed }) => delays.some((run) => run.seed === seed));
  const least = delays.some(({ found }) => found === null) ? '< ' : '';
  const slowest = Math.max(...schedules.map(({ seconds }) => seconds));
  return [
    foundText(schedules),
    stepsText(schedules),
    `${slowest.toFixed(1)} s`,
    foundText(delays),
    stepsText(delays),
    `${least}${((100 * total(schedules)) / total(delays)).toFixed(0)}%`,
  ];
}

/** The table as a page in Markdown. */
export function document({ seeds, seconds, kernel }: Settings, runs: readonly Run[]): string {
  const races = listRaces().filter(({ name }) =>
    (['schedules', 'delays'] as const).every((way) => runs.some((run) => run.race === name && run.way === way)),
  );
  const lines = [
    '# Races in a live kernel',
    '',
    `Written by \`npm run bench:races\` on ${kernel}, with 2 CPUs under QEMU without KVM. Each race is a fault that kprobes inject`,
    'and that shows only where calls overlap. All programs have a parallel block. They ran from seeds that the clock drew,',
    `until the first one failed, for at most ${seconds} s by the clock: once with schedules that the target picks, which stop lanes`,
    'inside calls (schedules), and once with random delays alone. A program that fails without the fault, too, does not',
    'count. A run with delays also ends once it took four times the steps of the run with schedules, and at least 20,000.',
    '',
    'Steps are those executed and judged: the median of the seeds, where `>` means that the run of that seed found nothing.',
    'The last column compares all steps of both, summed over the seeds; `<` means that some runs with delays found nothing, so',
    'that they would have needed more steps.',
    '',
    `Seeds: ${seeds.filter((seed) => runs.some((run) => run.seed === seed)).join(', ')}.`,
    '',
    row([
      'race',
      'schedules: found',
      'steps',
      'slowest',
      'delays: found',
      'steps',
      'schedules need, of the steps of delays',
    ]),
    row(['---', ...Array(6).fill('---:')]),
    ...races.map(({ name }) => row([name, ...cells(name, runs)])),
    '',
    '| race | what it is |',
    '| --- | --- |',
    ...races.map(({ name, summary }) => row([name, summary])),
  ];
  return `${lines.join('\n')}\n`;
}
