import type { Step } from '../../../../reference/calls/call.ts';
import type { Program } from '../../../../reference/calls/valid.ts';
import { mapArguments } from '../../arguments.ts';
import { type Area, areasOf, withPages } from '../areas.ts';
import { type Context, type Edit, type Pass, START } from '../pass.ts';

/** Pages that fill any small data structure. */
const PLENTY_PAGES = 64;

/** The steps with every address in an area moved up by some pages. */
const shifted = (steps: readonly Step[], { name }: Area, pages: number, { page }: Context): Step[] =>
  steps.map((step) =>
    mapArguments(step, ({ type, value }) =>
      type === 'address' && value.base === 'a' && value.index === name
        ? { ...value, offset: value.offset + pages * page }
        : value,
    ),
  );

/** The program without the areas `gone`, and with `kept` grown to `pages` pages: at its end, or at its start. */
function merged(
  { steps, frames }: Program,
  context: Context,
  gone: readonly Area[],
  kept: Area,
  pages: number,
  atStart = false,
): Edit {
  const grown = withPages(steps, kept, pages, context, frames);
  const made = atStart ? shifted(grown, kept, pages - kept.pages, context) : grown;
  const left = made.map((step, at) => (gone.some((area) => area.at === at) ? undefined : step));
  return { steps: left, next: START, fitted: true };
}

const sum = (areas: readonly Area[]): number => areas.reduce((total, { pages }) => total + pages, 0);

/**
 * Makes one area of several. It fills as much, or takes as many addresses, with fewer steps.
 *
 * Proposes: one area for all that no step looks at, with plenty of pages, then with the pages of all of them and their
 * guard pages; then one area for each two neighbours, with the pages of both, without and with a guard page.
 * Continues: from the start.
 * Costs: two edits, and at most six for each area that no step looks at.
 */
export const merge: Pass = {
  name: 'merge',
  *edits(program, context) {
    const areas = areasOf(program, context);
    const unseen = areas.filter((area) => area.unseen);
    if (unseen.length > 1) {
      const kept = unseen[unseen.length - 1];
      const others = unseen.slice(0, -1);
      yield merged(program, context, others, kept, Math.max(PLENTY_PAGES, 2 * sum(unseen)));
      yield merged(program, context, others, kept, sum(unseen) + others.length);
    }
    for (let i = 1; i < areas.length; i++) {
      const [a, b] = [areas[i - 1], areas[i]];
      for (const guard of [0, 1]) {
        const pages = a.pages + b.pages + guard;
        if (a.unseen) yield merged(program, context, [a], b, pages);
        if (a.unseen && !b.unseen) yield merged(program, context, [a], b, pages, true);
        if (b.unseen) yield merged(program, context, [b], a, pages);
      }
    }
  },
};
