import type { Random } from './random.ts';

/**
 * Page counts at which implementations change what they do, by how often they are drawn: small ones, powers of two and
 * their neighbours, the width of a machine word, the pages of a huge page.
 */
const BOUNDARIES: readonly (readonly [pages: number, weight: number])[] = [
  [1, 30],
  [2, 16],
  [3, 12],
  [4, 12],
  [5, 4],
  [7, 3],
  [8, 6],
  [9, 3],
  [15, 2],
  [16, 6],
  [17, 2],
  [31, 2],
  [32, 6],
  [33, 2],
  [63, 2],
  [64, 8],
  [65, 3],
  [128, 1],
  [256, 1],
  [511, 1],
  [512, 1],
  [513, 1],
];

/** Page counts to draw from, as often as they stand in the list, none above `most`. */
export function sizesUpTo(most: number): readonly number[] {
  const sizes = BOUNDARIES.flatMap(([pages, weight]) => (pages <= most ? new Array<number>(weight).fill(pages) : []));
  return sizes.length > 0 ? sizes : [1];
}

/** A program's own palette: a few sizes, so that like areas meet. */
export function drawPalette(random: Random, sizes: readonly number[], most: number): readonly number[] {
  const palette: number[] = [];
  for (let n = random.upTo(5); n > 0; n--) {
    palette.push(random.chance(88) ? random.of(sizes) : random.upTo(Math.min(most, 100)));
  }
  return palette;
}
