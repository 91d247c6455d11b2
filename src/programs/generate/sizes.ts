import type { Random } from './random.ts';

/**
 * Page counts at which implementations change their behaviour, and how often each is drawn: small counts, powers of two
 * and their neighbours, the width of a machine word, the pages of a huge page.
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

/** The page counts up to `most`, each repeated according to its weight. */
export function sizesUpTo(most: number): readonly number[] {
  const sizes = BOUNDARIES.flatMap(([pages, weight]) => (pages <= most ? new Array<number>(weight).fill(pages) : []));
  return sizes.length > 0 ? sizes : [1];
}

/** The page counts of one program. A program uses few of them, so that areas of the same size meet. */
export function drawPalette(random: Random, sizes: readonly number[], most: number): readonly number[] {
  const palette: number[] = [];
  for (let n = random.upTo(5); n > 0; n--) {
    palette.push(random.chance(88) ? random.of(sizes) : random.upTo(Math.min(most, 100)));
  }
  return palette;
}
