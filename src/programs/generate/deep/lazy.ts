import type { Site } from './site.ts';
import { drawAreaPages, drawThreshold } from './sizes.ts';

/** How many areas are many. */
export const MANY_AREAS: readonly number[] = [17, 17, 18, 33];

/** Pages of the areas to unmap, so that a flush has a certain amount to do. An unmapped area counts with its guard page. */
export function lazySizes({ random, walk, sizes, budget }: Site, phase: string): number[] {
  // Each area takes a step to create it, and one to unmap it.
  const most = budget >> 1;
  const few = drawAreaPages(random, Math.min(64, walk.options.pages));
  switch (phase) {
    case 'one':
    case 'empty':
      return [few];
    case 'some':
    case 'emptied':
      return new Array<number>(Math.min(most, random.between(2, 5))).fill(Math.min(few, 8));
  }
  const threshold = drawThreshold(random, sizes);
  if (phase === 'many') {
    // As many as stay below the threshold.
    const each = Math.min(walk.options.pages, random.of([1, 1, 2]));
    const count = Math.min(most, random.of(MANY_AREAS), Math.floor((threshold - 3) / (each + 1)));
    return new Array<number>(Math.max(1, count)).fill(each);
  }
  const total = phase === 'full' ? threshold : phase === 'crossed' ? threshold + random.between(1, 4) : threshold - 2;
  const largest = Math.max(1, walk.options.pages);
  const parts = Math.max(Math.ceil((total + 1) / (largest + 1)), random.of([1, 1, 2, 3, 4]));
  if (parts > most) return [few];
  const each = Math.floor(total / parts);
  const pages = new Array<number>(parts).fill(Math.max(1, each - 1));
  pages[parts - 1] = Math.max(1, Math.min(largest, total - each * (parts - 1) - 1));
  return pages;
}
