import type { Random } from './random.ts';

/** Pages of the largest VMA. */
const MAX_VMA_PAGES = 2048;

/** 2, 4, 8 ... up to a limit, with their neighbours: the sizes at which structures are full, or almost. */
function nearPowers(from: number, most: number): readonly number[] {
  const sizes: number[] = [];
  for (let power = from; power <= most; power *= 2) sizes.push(power - 1, power, power, power + 1);
  return sizes.filter((size) => size >= 1 && size <= most);
}

const COUNTS = nearPowers(2, 64);
const AREA_PAGES = nearPowers(1, 512);
const SMALL_VMAS = nearPowers(1, 256);
const LARGE_VMAS = nearPowers(512, MAX_VMA_PAGES);

/** How many areas a deep program creates: at most `most`. */
export const drawCount = (random: Random, most: number): number => Math.min(most, random.of(COUNTS));

/** Pages of each area of a deep program. Small ones are likelier, since only they fill structures by their number. */
export const drawAreaPages = (random: Random, most: number): number =>
  Math.min(most, random.chance(70) ? random.of([1, 1, 2, 3, 4]) : random.of(AREA_PAGES));

/** Pages of each VMA of a deep program. */
export const drawVmaPages = (random: Random): number => random.of(random.chance(50) ? SMALL_VMAS : LARGE_VMAS);
