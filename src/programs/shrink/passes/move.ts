import { type Area, areasOf, withPages } from '../areas.ts';
import type { Pass } from '../pass.ts';

/** Each area with the next one that the same call creates. */
function neighbours(areas: readonly Area[]): [Area, Area][] {
  const last = new Map<string, Area>();
  return areas.flatMap((area): [Area, Area][] => {
    const before = last.get(area.call);
    last.set(area.call, area);
    return before ? [[before, area]] : [];
  });
}

/**
 * Moves pages from an area to the next one of the same call, so that early areas are small. Many distributions of
 * pages fill the same data structure; this selects one.
 *
 * Proposes: for each area of more than one page, to move all pages but one, then half of them, then one.
 * Continues: with the same area.
 * Costs: at most three edits for each area of more than one page that has a next one.
 */
export const move: Pass = {
  name: 'move',
  *edits(program, context, from) {
    const { steps, frames } = program;
    const pairs = neighbours(areasOf(program, context));
    for (let at = from?.at ?? 0; at < pairs.length; at++) {
      const [first, second] = pairs[at];
      for (const pages of new Set([first.pages - 1, first.pages >> 1, 1])) {
        if (pages < 1 || pages >= first.pages) continue;
        const smaller = withPages(steps, first, first.pages - pages, context, frames);
        yield { steps: withPages(smaller, second, second.pages + pages, context, frames), next: { at, size: 0 } };
      }
    }
  },
};
