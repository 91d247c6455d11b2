import type { Step } from '../../../../reference/calls/call.ts';
import type { Program } from '../../../../reference/calls/valid.ts';
import type { Address } from '../../../../reference/notation/address.ts';
import { isLook } from '../../look.ts';
import { pagesIn } from '../order.ts';
import { type Context, type Edit, type Pass, withArgument, withEntry } from '../pass.ts';
import { resized, sizedArgument } from '../resize.ts';

interface Area {
  readonly at: number;
  readonly name: number;
  readonly call: string;
  readonly position: number;
  readonly pages: number;
  /** No step looks at it: it is there for what it fills. */
  readonly idle: boolean;
}

/** Pages that are enough to fill anything small. */
const PLENTY = 64;

/** The areas of a program, in order. */
function areasOf({ steps }: Program, { page }: Context): Area[] {
  const looked = new Set<number>();
  for (const { call, args } of steps) {
    if (isLook(call)) for (const at of call.naming) looked.add((args[at] as Address).index);
  }
  return steps.flatMap((step, at) => {
    const position = sizedArgument(step);
    if (position < 0) return [];
    const pages = pagesIn(step.call.parameters[position], step.args[position], page);
    return [{ at, name: step.binds, call: step.call.name, position, pages, idle: !looked.has(step.binds) }];
  });
}

const set = (steps: readonly Step[], { at, position }: Area, pages: number, { page }: Context, pool: number): Step[] =>
  withEntry(steps, at, resized(steps[at], position, pages, page, pool));

/** The steps with every address in an area moved up by some pages. */
const shifted = (steps: readonly Step[], { name }: Area, pages: number, { page }: Context): Step[] =>
  steps.map((step) =>
    step.call.parameters.reduce((made, { type }, position) => {
      const address = step.args[position] as Address | undefined;
      if (type !== 'address' || address?.base !== 'a' || address.index !== name) return made;
      return withArgument(made, position, { ...address, offset: address.offset + pages * page });
    }, step),
  );

/** The program without some areas, another one having so many pages, the new ones before what it has or after it. */
function merged(
  { steps, frames }: Program,
  context: Context,
  gone: readonly Area[],
  kept: Area,
  pages: number,
  before = false,
): Edit {
  const grown = set(steps, kept, pages, context, frames);
  const made = before ? shifted(grown, kept, pages - kept.pages, context) : grown;
  const left = made.map((step, at) => (gone.some((area) => area.at === at) ? undefined : step));
  return { steps: left, next: { at: 0, size: 0 }, fitted: true };
}

const sum = (areas: readonly Area[]): number => areas.reduce((total, { pages }) => total + pages, 0);

/**
 * Makes one area of several, which fills as much, or takes as many addresses: fewer steps.
 *
 * Proposes: of the areas that nobody looks at one in place of all, with plenty of pages, and with the pages of all and
 * one for each guard page; then of each two that follow each other one with the pages of both, without and with one.
 * Goes on: from the start.
 * Costs: two proposals, and six at most for each area that nobody looks at.
 */
export const merge: Pass = {
  name: 'merge',
  *edits(program, context) {
    const areas = areasOf(program, context);
    const idle = areas.filter((area) => area.idle);
    if (idle.length > 1) {
      const kept = idle[idle.length - 1];
      const others = idle.slice(0, -1);
      yield merged(program, context, others, kept, Math.max(PLENTY, 2 * sum(idle)));
      yield merged(program, context, others, kept, sum(idle) + others.length);
    }
    for (let i = 1; i < areas.length; i++) {
      const [a, b] = [areas[i - 1], areas[i]];
      for (const more of [0, 1]) {
        const pages = a.pages + b.pages + more;
        if (a.idle) yield merged(program, context, [a], b, pages);
        if (a.idle && !b.idle) yield merged(program, context, [a], b, pages, true);
        if (b.idle) yield merged(program, context, [b], a, pages);
      }
    }
  },
};

/** Each two areas of one call that follow each other. */
function alike(areas: readonly Area[]): [Area, Area][] {
  const last = new Map<string, Area>();
  return areas.flatMap((area): [Area, Area][] => {
    const before = last.get(area.call);
    last.set(area.call, area);
    return before ? [[before, area]] : [];
  });
}

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
    const { steps, frames } = program;
    const pairs = alike(areasOf(program, context));
    for (let at = from?.at ?? 0; at < pairs.length; at++) {
      const [first, second] = pairs[at];
      for (const pages of new Set([first.pages - 1, first.pages >> 1, 1])) {
        if (pages < 1 || pages >= first.pages) continue;
        const smaller = set(steps, first, first.pages - pages, context, frames);
        yield { steps: set(smaller, second, second.pages + pages, context, frames), next: { at, size: 0 } };
      }
    }
  },
};
