import type { Step } from '../../../../reference/calls/call.ts';
import type { Program } from '../../../../reference/calls/valid.ts';
import type { Address } from '../../../../reference/notation/address.ts';
import { argumentsOf, withArgument } from '../../arguments.ts';
import { pagesIn } from '../order.ts';
import type { Context, Pass } from '../pass.ts';
import { cutPiece, piecesOf } from '../pieces.ts';
import { resized } from '../resize.ts';

/** A number of pages in a program that may become smaller. */
interface Dimension {
  /** Dimensions with the same key are alike, and are tried together. */
  readonly key: string;
  readonly now: number;
  readonly least: number;
  /** `set` also changes everything that depends on it. */
  readonly fitted: boolean;
  readonly set: (steps: readonly Step[], pages: number) => Step[];
}

/** The pages of areas and VMAs, between the pages that the program names. */
function ofPieces(program: Program, context: Context): Dimension[] {
  return piecesOf(program, context).flatMap((piece) => {
    const now = piece.to - piece.from;
    const least = now === piece.pages ? 1 : 0;
    // Pages of an area may have different frames: the first pages of a piece may matter, or the last.
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

/** The lengths and offsets in the arguments of steps, each by itself. */
function* ofArguments({ steps, frames }: Program, { page }: Context): Iterable<Dimension> {
  for (const [at, step] of steps.entries()) {
    for (const argument of argumentsOf(step)) {
      const { type, value, position } = argument;
      const now = pagesIn(argument, page);
      const set = (all: readonly Step[], pages: number) => all.with(at, resized(step, position, pages, page, frames));
      const key = `${step.call.name} ${position}`;
      if (step.binds < 0 && now > 1) yield { key, now, least: 1, fitted: false, set };
      if (type !== 'address' && type !== 'object') continue;
      const pages = Math.floor(value.offset / page);
      const move = (all: readonly Step[], to: number) =>
        all.with(at, withArgument(step, position, movedBy(value, (to - pages) * page)));
      if (pages > 0) yield { key: `${key} offset`, now: pages, least: 0, fitted: false, set: move };
    }
  }
}

const movedBy = (address: Address, bytes: number): Address => ({ ...address, offset: address.offset + bytes });

/** The offsets at which a program starts to use an object. All offsets in the object move together. */
function ofObjects({ steps }: Program, { page }: Context): Dimension[] {
  const uses = steps.flatMap((step, at) =>
    argumentsOf(step).flatMap(({ type, value, position }) =>
      type === 'object' ? [{ at, position, object: value }] : [],
    ),
  );
  return [...new Set(uses.map(({ object }) => object.index))].flatMap((index): Dimension[] => {
    const own = uses.filter(({ object }) => object.index === index);
    const now = Math.floor(Math.min(...own.map(({ object }) => object.offset)) / page);
    const set = (all: readonly Step[], pages: number) =>
      own.reduce(
        (done, { at, position, object }) =>
          done.with(at, withArgument(done[at], position, movedBy(object, (pages - now) * page))),
        [...all],
      );
    return own.length > 1 ? [{ key: `object ${index}`, now, least: 0, fitted: true, set }] : [];
  });
}

/** All dimensions of a program: starts of objects, then equal dimensions together, then each dimension alone. */
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

/** The largest power of two below a number. If a size matters at all, it is mostly a power of two. */
const lowerPower = (now: number): number => 2 ** Math.floor(Math.log2(Math.max(now - 1, 1)));

/**
 * Makes areas, ranges and offsets shorter. Those that belong together, or are equal, shrink together first.
 *
 * Proposes: the least value and the next one, a power of two, then one less; if one less is enough to fail, bisects.
 * Continues: with the same dimension; the size of the cursor is one more than the largest value that passed.
 * Costs: at most four edits for each dimension that cannot be smaller.
 */
export const sizes: Pass = {
  name: 'sizes',
  *edits(program, context, from) {
    const all = dimensions(program, context);
    for (let at = from?.at ?? 0; at < all.length; at++) {
      const { now, least, fitted, set } = all[at];
      let passing = at === from?.at && from.size > 0 ? from.size - 1 : -1;
      if (passing < 0) {
        for (const few of new Set([least, least + 1, lowerPower(now)])) {
          if (few < now) yield { steps: set(program.steps, few), next: { at, size: 0 }, fitted };
        }
        if (now - 1 > least + 1) yield { steps: set(program.steps, now - 1), next: { at, size: least + 2 }, fitted };
        continue;
      }
      while (now - passing > 1) {
        const middle = (passing + now) >> 1;
        yield { steps: set(program.steps, middle), next: { at, size: passing + 1 }, fitted };
        passing = middle;
      }
    }
  },
};
