import type { Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/model/valid.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { isLook } from '../../generate/repertoire.ts';
import { pagesIn } from '../order.ts';
import { type Context, type Pass, withEntry } from '../pass.ts';
import { resized, sizedArgument } from '../resize.ts';

interface Area {
  readonly at: number;
  readonly position: number;
  readonly pages: number;
  /** No step looks at it: it is there for what it fills. */
  readonly idle: boolean;
}

/** Areas by the call that makes them. */
function areasOf({ steps }: Program, { page }: Context): Area[][] {
  const looked = new Set<number>();
  for (const { call, args } of steps) {
    if (isLook(call)) for (const at of call.naming) looked.add((args[at] as Address).index);
  }
  const sorts = new Map<string, Area[]>();
  steps.forEach((step, at) => {
    const position = sizedArgument(step);
    if (position < 0) return;
    const pages = pagesIn(step.call.parameters[position], step.args[position], page);
    const area = { at, position, pages, idle: !looked.has(step.binds) };
    sorts.set(step.call.name, [...(sorts.get(step.call.name) ?? []), area]);
  });
  return [...sorts.values()];
}

const set = (steps: readonly Step[], { at, position }: Area, pages: number, { page }: Context, pool: number): Step[] =>
  withEntry(steps, at, resized(steps[at], position, pages, page, pool));

/**
 * Makes one area of several, which fills as much: fewer steps.
 *
 * Proposes: of the areas of a call that nobody looks at, the first with the pages of all, and one more for each that
 * is gone (for its guard page); then of two that follow each other one with the pages of both, without and with one.
 * Goes on: from the start.
 * Costs: one proposal for each call, and four for each two areas of one call.
 */
export const merge: Pass = {
  name: 'merge',
  *edits(program, context) {
    const { steps, frames } = program;
    const next = { at: 0, size: 0 };
    const merged = (gone: readonly Area[], kept: Area, pages: number) => ({
      steps: set(steps, kept, pages, context, frames).map((step, at) =>
        gone.some((area) => area.at === at) ? undefined : step,
      ),
      next,
    });
    for (const areas of areasOf(program, context)) {
      const [first, ...others] = areas.filter(({ idle }) => idle);
      const all = others.reduce((sum, { pages }) => sum + pages, first?.pages ?? 0);
      if (others.length > 1) yield merged(others, first, all + others.length);
      for (let i = 1; i < areas.length; i++) {
        const [a, b] = [areas[i - 1], areas[i]];
        for (const more of [0, 1]) {
          if (a.idle) yield merged([a], b, a.pages + b.pages + more);
          if (b.idle) yield merged([b], a, a.pages + b.pages + more);
        }
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
    const { steps, frames } = program;
    const pairs = areasOf(program, context).flatMap((areas) => areas.slice(1).map((area, i) => [areas[i], area]));
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
