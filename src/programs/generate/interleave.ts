import type { Random } from './random.ts';

/** The longest stretches between two preemptions, in points: which point of a call matters is not known beforehand. */
const REACHES = [3, 8, 8, 8, 20];
/** Preemptions of a block: most races need one or two at the right point (PCT). */
const PREEMPTIONS = [1, 1, 1, 1, 1, 2, 2, 2, 3, 4];

/** A random interleaving of the lanes of some CPUs, as the attribute `schedule`: few preemptions first. */
export function drawSchedule(random: Random, cpus: readonly number[]): string {
  const wild = random.chance(5);
  const reach = random.of(REACHES);
  let schedule = '';
  let cpu = random.of(cpus);
  for (let runs = wild ? random.between(5, 24) : random.of(PREEMPTIONS); runs > 0; runs--) {
    const length = random.between(1, reach);
    schedule += `${schedule === '' ? '' : ','}${cpu}${length > 1 ? `:${length}` : ''}`;
    if (cpus.length > 1) {
      const next = cpus[random.below(cpus.length - 1)];
      cpu = next === cpu ? cpus[cpus.length - 1] : next;
    }
  }
  return schedule;
}

/** Microseconds by which a lane may begin later than the others; calls take some ten of them under an emulator. */
const DELAYS = [1, 2, 5, 10, 20, 50];
/** How often a program is run in one go: sending and reading it costs about as much as running it a few times. */
const REPEATS = [2, 4, 8, 8, 16];

/** By how much lanes of some CPUs begin later than the others, as the attribute `delay`; '' if none does. */
export const drawDelays = (random: Random, cpus: readonly number[]): string =>
  cpus.flatMap((cpu) => (random.chance(30) ? [`${cpu}:${random.of(DELAYS)}`] : [])).join(',');

/** How often a program with a block is run in one go, as the attribute `repeat`. */
export const drawRepeat = (random: Random): number => random.of(REPEATS);
