import type { Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/model/valid.ts';
import { pagesIn } from '../order.ts';
import type { Context, Pass } from '../pass.ts';
import { resized, sizedArgument } from '../resize.ts';

interface Area {
  readonly at: number;
  readonly position: number;
  readonly pages: number;
}

/** For each area the next one that the same call makes on the same CPU. */
function neighbours({ steps }: Program, { page }: Context): [Area, Area][] {
  const last = new Map<string, Area>();
  const found: [Area, Area][] = [];
  steps.forEach((step, at) => {
    const position = sizedArgument(step);
    if (position < 0) return;
    const area = { at, position, pages: pagesIn(step.call.parameters[position], step.args[position], page) };
    const sort = `${step.call.name} ${step.cpu}`;
    const before = last.get(sort);
    if (before) found.push([before, area]);
    last.set(sort, area);
  });
  return found;
}

const set = (
  steps: readonly (Step | undefined)[],
  { at, position }: Area,
  pages: number,
  { page }: Context,
  pool: number,
) => steps.map((step, i) => (i === at && step ? resized(step, position, pages, page, pool) : step));

/**
 * Makes one area of two, the second or the first of which gets the pages of both: fewer steps fill as much.
 *
 * Proposes: for each area and the next like it the later with the pages of both, then the earlier.
 * Goes on: from the start.
 * Costs: two proposals for each area but one of each call.
 */
export const merge: Pass = {
  name: 'merge',
  *edits(program, context) {
    for (const [first, second] of neighbours(program, context)) {
      const pages = first.pages + second.pages;
      for (const [gone, kept] of [
        [first, second],
        [second, first],
      ] as const) {
        const left = program.steps.map((step, i) => (i === gone.at ? undefined : step));
        yield { steps: set(left, kept, pages, context, program.frames), next: { at: 0, size: 0 } };
      }
    }
  },
};

/**
 * Moves pages from an area to the next like it, so that the early ones are small: one way to fill what many ways fill.
 *
 * Proposes: for each area of more than one page all but one of them, then half, then one.
 * Goes on: with the same area.
 * Costs: three proposals at most for each area of more than one page that has a like one after it.
 */
export const move: Pass = {
  name: 'move',
  *edits(program, context, from) {
    const pairs = neighbours(program, context);
    for (let at = from?.at ?? 0; at < pairs.length; at++) {
      const [first, second] = pairs[at];
      for (const pages of new Set([first.pages - 1, first.pages >> 1, 1])) {
        if (pages < 1 || pages >= first.pages) continue;
        const smaller = set(program.steps, first, first.pages - pages, context, program.frames);
        yield { steps: set(smaller, second, second.pages + pages, context, program.frames), next: { at, size: 0 } };
      }
    }
  },
};
