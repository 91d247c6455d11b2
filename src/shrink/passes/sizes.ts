import type { Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/model/valid.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { pagesIn } from '../order.ts';
import { type Context, type Pass, withArgument } from '../pass.ts';
import { resized } from '../resize.ts';

/** A number of pages that may be smaller: of one argument, or of several that are alike. */
interface Dimension {
  readonly now: number;
  readonly least: number;
  readonly set: (steps: readonly Step[], pages: number) => Step[];
}

/** The page sizes and page offsets of a program, one by one. */
function* single({ steps, frames }: Program, { page }: Context): Iterable<Dimension & { key: string }> {
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at];
    for (let position = 0; position < step.args.length; position++) {
      const parameter = step.call.parameters[position];
      const value = step.args[position];
      const change = (make: (pages: number) => Step) => (all: readonly Step[], pages: number) =>
        all.map((old, i) => (i === at ? make(pages) : old));
      const now = pagesIn(parameter, value, page);
      const set = change((pages) => resized(step, position, pages, page, frames));
      if (now > 1) yield { key: `${step.call.name} ${position} ${now}`, now, least: 1, set };
      if (value === undefined || (parameter.type !== 'address' && parameter.type !== 'object')) continue;
      const address = value as Address;
      const pages = Math.floor(address.offset / page);
      const move = change((to) =>
        withArgument(step, position, { ...address, offset: address.offset + (to - pages) * page }),
      );
      if (pages > 1) yield { key: `offset ${pages}`, now: pages, least: 0, set: move };
    }
  }
}

/** Like dimensions with the same value, together, before each of them alone. */
function dimensions(program: Program, context: Context): Dimension[] {
  const alone = [...single(program, context)];
  const alike = new Map<string, Dimension[]>();
  for (const dimension of alone) alike.set(dimension.key, [...(alike.get(dimension.key) ?? []), dimension]);
  const together = [...alike.values()]
    .filter((group) => group.length > 1)
    .map((group) => ({
      ...group[0],
      set: (steps: readonly Step[], pages: number) => group.reduce((done, { set }) => set(done, pages), [...steps]),
    }));
  return [...together, ...alone];
}

/**
 * Makes areas, ranges and offsets shorter, those that are equal together first.
 *
 * Proposes: the least, then one less; where one less will do, halves the rest.
 * Goes on: with the same dimension; the size of a cursor is the biggest number that is too small, plus one.
 * Costs: two proposals for each that cannot be smaller.
 */
export const sizes: Pass = {
  name: 'sizes',
  *edits(program, context, from) {
    const all = dimensions(program, context);
    for (let at = from?.at ?? 0; at < all.length; at++) {
      const { now, least, set } = all[at];
      let short = at === from?.at && from.size > 0 ? from.size - 1 : -1;
      if (short < 0) {
        yield { steps: set(program.steps, least), next: { at, size: 0 } };
        if (now - 1 > least) yield { steps: set(program.steps, now - 1), next: { at, size: least + 1 } };
        continue;
      }
      while (now - short > 1) {
        const middle = (short + now) >> 1;
        yield { steps: set(program.steps, middle), next: { at, size: short + 1 } };
        short = middle;
      }
    }
  },
};
