import type { Sizes } from '../../../targets/sizes.ts';
import type { Random } from '../random.ts';

/** Pages of the largest VMA. */
const MAX_VMA_PAGES = 2048;
/** Pages of a page table, unless the target says otherwise. */
const TABLE_PAGES = 512;
/** Pages of a block, and lazy pages that start a purge, where the target does not tell. */
const BLOCKS: readonly number[] = [16, 16, 32, 64, 128, 256, 512, 1024];
const THRESHOLDS: readonly number[] = [32, 64, 64, 128, 256, 512];

/** 1, 2, 4 ... up to a limit, with their neighbours: the sizes at which structures are full, or almost. */
function nearPowers(most: number): readonly number[] {
  const sizes: number[] = [];
  for (let power = 1; power <= most; power *= 2) sizes.push(power - 1, power, power, power + 1);
  return sizes.filter((size) => size >= 1 && size <= most);
}

const SMALL_AREAS: readonly number[] = [1, 1, 1, 2, 3, 4];
const AREA_PAGES = nearPowers(512);
const SMALL_VMAS: readonly number[] = [2, 3, 4, 4, 5, 7, 8, 9];
const VMA_PAGES = nearPowers(256);

/** Pages of each area. Small ones are likelier, since only they fill structures by their number. */
export const drawAreaPages = (random: Random, most: number): number =>
  Math.min(most, random.of(random.chance(80) ? SMALL_AREAS : AREA_PAGES));

/** Pages of a VMA that is filled page by page, or almost. */
export const drawVmaPages = (random: Random, most: number): number =>
  Math.min(most, random.of(random.chance(75) ? SMALL_VMAS : VMA_PAGES));

/** Pages of a VMA that needs at least `tables` page tables more than one. */
export function drawLargeVma(random: Random, tables: number, table: number): number {
  const least = tables * table;
  const extra = random.of([0, 0, 1, 1, 4, 8, table >> 1, table]);
  return Math.max(least, Math.min(MAX_VMA_PAGES, least + extra));
}

/** Pages of a page table. */
export const tablePages = ({ table = TABLE_PAGES }: Partial<Sizes>): number => table;

/** Pages of a block: what the target says, or else a power of two. */
export const drawBlock = (random: Random, { block }: Partial<Sizes>): number => block ?? random.of(BLOCKS);

/** Lazy pages above which an unmapping purges: what the target says, or else a power of two. */
export const drawThreshold = (random: Random, { lazy }: Partial<Sizes>): number => lazy ?? random.of(THRESHOLDS);
