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
