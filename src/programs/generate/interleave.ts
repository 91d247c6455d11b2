import type { Random } from './random.ts';

/**
 * The longest stretch between two preemptions, in scheduling points of the target. Which point of a call matters is not
 * known in advance, so programs differ in this limit.
 */
const STRETCH_LIMITS = [3, 8, 8, 8, 20];
/** Preemptions of a schedule: most races need one or two at the right point (PCT). */
const PREEMPTIONS = [0, 1, 1, 1, 1, 1, 1, 2, 2, 3];
/** Percentage of schedules with many preemptions. */
const MANY_PERCENT = 5;

/** A random interleaving of the lanes of some CPUs, as the attribute `schedule`. Few preemptions are likelier. */
export function drawSchedule(random: Random, cpus: readonly number[]): string {
  const preemptions = random.chance(MANY_PERCENT) ? random.between(4, 23) : random.of(PREEMPTIONS);
  const limit = random.of(STRETCH_LIMITS);
  let schedule = '';
  let cpu = random.of(cpus);
  for (let left = preemptions; left > 0; left--) {
    const length = random.between(1, limit);
    schedule += `${cpu}${length > 1 ? `:${length}` : ''},`;
    if (cpus.length > 1) {
      const next = cpus[random.below(cpus.length - 1)];
      cpu = next === cpu ? cpus[cpus.length - 1] : next;
    }
  }
  // The lane that is named last runs as long as it can.
  return `${schedule}${cpu}`;
}

/** Percentage of programs with two preemptions: the lane that runs after the first one is preempted, too. */
const SECOND_PREEMPTION_PERCENT = 30;

/** Which lane is preempted, which one runs then, and whether that one is preempted, too. */
interface Preempted {
  readonly first: number;
  readonly second: number;
  readonly two: boolean;
}

function drawPreempted(random: Random, cpus: readonly number[]): Preempted {
  const first = random.of(cpus);
  const second = random.of(cpus.filter((cpu) => cpu !== first));
  return { first, second, two: random.chance(SECOND_PREEMPTION_PERCENT) };
}

/** Passages of a lane up to a first preemption that is not swept, at most. */
const FIRST_STRETCH = 6;
/** Runs of a sweep, at most. The target ends it when the lane has no further place where it could stop. */
const MAX_SWEEP = 40;

/** Runs of a program that maps many pages: each of them takes as long as many runs of another program. */
const RUNS_OF_LARGE = 2;
/** Passages of the lane up to the preemption in the first run of such a program, at most. */
const LARGE_START = 8;

/**
 * A sweep as attributes: in each run of the program, a lane of some CPUs is preempted one passage later. The sweep of a
 * `large` program is short, and begins anywhere.
 */
export function drawSweep(
  random: Random,
  cpus: readonly number[],
  large: boolean,
): readonly (readonly [string, string])[] {
  const { first, second, two } = drawPreempted(random, cpus);
  const start = large ? random.between(1, LARGE_START) : 1;
  const schedule = two
    ? `${first}:${random.between(1, FIRST_STRETCH)},${second}:${start},${first}`
    : `${first}:${start},${second}`;
  return [
    ['repeat', String(large ? RUNS_OF_LARGE : MAX_SWEEP)],
    ['schedule', schedule],
    ['step', two ? '2' : '1'],
  ];
}

/**
 * Runs of a program whose target picks the schedules. Another program shows more than further schedules of the same one:
 * most programs show no race, whatever their schedule is, and most races show at several places.
 */
const PICKED_RUNS = 4;
/** Numbers by which a target picks schedules. */
const PICKS = 1000;

/**
 * Schedules that the target picks, as attributes: it preempts a lane, or two lanes, only inside calls. It learns where it
 * can do so in the first run. A `large` program has few runs.
 */
export function drawPicks(
  random: Random,
  cpus: readonly number[],
  large: boolean,
): readonly (readonly [string, string])[] {
  const { first, second, two } = drawPreempted(random, cpus);
  return [
    ['repeat', String(large ? RUNS_OF_LARGE : PICKED_RUNS)],
    ['schedule', two ? `${first},${second},${first}` : `${first},${second}`],
    ['pick', String(random.between(1, PICKS))],
  ];
}

/** Microseconds by which a lane starts later than the others. Under an emulator a call takes tens of microseconds. */
const DELAYS = [1, 2, 5, 10, 20, 50];
/** How often a target runs a program in a row. To send and read a program costs as much as a few runs of it. */
const REPEATS = [2, 4, 8, 8, 16];

/** How much later the lanes of some CPUs start, as the attribute `delay`; '' if none does. */
export const drawDelays = (random: Random, cpus: readonly number[]): string =>
  cpus.flatMap((cpu) => (random.chance(30) ? [`${cpu}:${random.of(DELAYS)}`] : [])).join(',');

/** How often the target runs a program with a block in a row, as the attribute `repeat`. `large`: it maps many pages. */
export const drawRepeat = (random: Random, large: boolean): number => (large ? RUNS_OF_LARGE : random.of(REPEATS));
