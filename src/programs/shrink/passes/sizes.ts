import type { Step } from '../../../../reference/calls/call.ts';
import type { Program } from '../../../../reference/calls/valid.ts';
import type { Address } from '../../../../reference/notation/address.ts';
import { pagesIn } from '../order.ts';
import { type Context, type Pass, withArgument, withEntry } from '../pass.ts';
import { cutPiece, piecesOf } from '../pieces.ts';
import { resized } from '../resize.ts';

/** A number of pages that may be smaller. */
interface Dimension {
  /** Dimensions with the same key are alike. */
  readonly key: string;
  readonly now: number;
  readonly least: number;
  /** Everything that depends on it is changed too. */
  readonly fitted: boolean;
  readonly set: (steps: readonly Step[], pages: number) => Step[];
}

/** The pages of areas and VMAs, between the places that the program names. */
function ofPieces(program: Program, context: Context): Dimension[] {
  return piecesOf(program, context).flatMap((piece) => {
    const now = piece.to - piece.from;
    const least = now === piece.pages ? 1 : 0;
    // Pages of an area may differ by their frames: what is before a place that is named can matter, or what is after.
    const ends = piece.base === 'a' && now > 1 ? [false, true] : [false];
    return ends.map((last) => ({
      key: `${program.steps[piece.at].call.name} ${piece.from} ${last}`,
      now,
      least,
      fitted: true,
      set: (steps, pages) => cutPiece(steps, piece, pages, context, last),
    }));
  });
}

/** Lengths and offsets that steps give, each by itself. */
function* ofArguments({ steps, frames }: Program, { page }: Context): Iterable<Dimension> {
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at];
    for (let position = 0; position < step.args.length; position++) {
      const parameter = step.call.parameters[position];
      const value = step.args[position];
      const now = pagesIn(parameter, value, page);
      const set = (all: readonly Step[], pages: number) =>
        withEntry(all, at, resized(step, position, pages, page, frames));
      const key = `${step.call.name} ${position}`;
      if (step.binds < 0 && now > 1) yield { key, now, least: 1, fitted: false, set };
      if (value === undefined || (parameter.type !== 'address' && parameter.type !== 'object')) continue;
      const address = value as Address;
      const pages = Math.floor(address.offset / page);
      const move = (all: readonly Step[], to: number) =>
        withEntry(all, at, withArgument(step, position, { ...address, offset: address.offset + (to - pages) * page }));
      if (pages > 0) yield { key: `${key} offset`, now: pages, least: 0, fitted: false, set: move };
    }
  }
}

/** Where a program begins to use an object: all its offsets in it move together. */
function ofObjects({ steps }: Program, { page }: Context): Dimension[] {
  const least = new Map<number, number>();
  const places = steps.flatMap((step, at) =>
    step.call.parameters.flatMap(({ type }, position) => {
      if (type !== 'object' || step.args[position] === undefined) return [];
      const { index, offset } = step.args[position] as Address;
      least.set(index, Math.min(least.get(index) ?? offset, offset));
      return [{ at, position, index }];
    }),
  );
  return [...least].flatMap(([index, offset]): Dimension[] => {
    const own = places.filter((place) => place.index === index);
    const now = Math.floor(offset / page);
    const set = (all: readonly Step[], pages: number) =>
      own.reduce(
        (done, { at, position }) => {
          const address = done[at].args[position] as Address;
          const shifted = { ...address, offset: address.offset + (pages - now) * page };
          return withEntry(done, at, withArgument(done[at], position, shifted));
        },
        [...all],
      );
    return own.length > 1 ? [{ key: `object ${index}`, now, least: 0, fitted: true, set }] : [];
  });
}

/** All dimensions of a program: where objects begin, then like ones with the same value together, then each alone. */
function dimensions(program: Program, context: Context): Dimension[] {
  const alone = [...ofPieces(program, context), ...ofArguments(program, context)];
  const groups = new Map<string, Dimension[]>();
  for (const dimension of alone) {
    const key = `${dimension.key} ${dimension.now} ${dimension.least}`;
    groups.set(key, [...(groups.get(key) ?? []), dimension]);
  }
  const together = [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => ({
      ...group[0],
      set: (steps: readonly Step[], pages: number) => group.reduce((done, { set }) => set(done, pages), [...steps]),
    }));
  return [...ofObjects(program, context), ...together, ...alone].filter(({ now, least }) => now > least);
}

/** The biggest power of two below a number: where sizes matter at all, they mostly matter at these. */
const lowerPower = (now: number): number => 2 ** Math.floor(Math.log2(Math.max(now - 1, 1)));

/**
 * Makes areas, ranges and offsets shorter, those that belong together or are equal together first.
 *
 * Proposes: the least and the next, a power of two, then one less; where one less will do, halves the rest.
 * Goes on: with the same dimension; the size of a cursor is the biggest number that is too small, plus one.
 * Costs: four proposals at most for each that cannot be smaller.
 */
export const sizes: Pass = {
  name: 'sizes',
  *edits(program, context, from) {
    const all = dimensions(program, context);
    for (let at = from?.at ?? 0; at < all.length; at++) {
      const { now, least, fitted, set } = all[at];
      let short = at === from?.at && from.size > 0 ? from.size - 1 : -1;
      if (short < 0) {
        for (const few of new Set([least, least + 1, lowerPower(now)])) {
          if (few < now) yield { steps: set(program.steps, few), next: { at, size: 0 }, fitted };
        }
        if (now - 1 > least + 1) yield { steps: set(program.steps, now - 1), next: { at, size: least + 2 }, fitted };
        continue;
      }
      while (now - short > 1) {
        const middle = (short + now) >> 1;
        yield { steps: set(program.steps, middle), next: { at, size: short + 1 }, fitted };
        short = middle;
      }
    }
  },
};
