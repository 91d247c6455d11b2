import type { Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import type { Address } from '../../../reference/notation/address.ts';
import type { FrameId } from '../../../reference/notation/frame.ts';
import { type Context, knownAfter, withArgument } from './pass.ts';

/** Pages of an area or VMA between two places that the program names: they are cut out together. */
export interface Piece {
  readonly base: 'a' | 'v';
  readonly name: number;
  /** The step that makes it. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
  /** Pages of the whole. */
  readonly pages: number;
  /** The object that a VMA maps, and the index in it of the VMA's first page; -1 for areas. */
  readonly object: number;
  readonly index: number;
}

type Whole = Omit<Piece, 'from' | 'to'>;

/** A range of pages that a step names, counted from the start of a thing. */
interface Named {
  readonly position: number;
  readonly from: number;
  /** Where the argument after it is a length. */
  readonly length: number | undefined;
}

/** Where a step names pages of a thing. */
function* namedIn(step: Step, { base, name, object, index, at }: Whole, page: number): Iterable<Named> {
  for (let position = 0; position < step.args.length; position++) {
    const { type } = step.call.parameters[position];
    const address = step.args[position] as Address;
    if (step.args[position] === undefined) continue;
    // An area itself is no place in it, but an address within it that is given in its place is one.
    const within = type === 'address' || (type === 'area' && address.offset !== 0);
    if (!within && type !== 'object') continue;
    const own = within && address.base === base && address.index === name;
    const mapped = type === 'object' && object === address.index && index >= 0 && step.binds < 0 && at >= 0;
    if (!own && !mapped) continue;
    const ranged = step.call.parameters[position + 1]?.type === 'bytes';
    const first = Math.floor(address.offset / page);
    const end = ranged ? Math.ceil((address.offset + (step.args[position + 1] as number)) / page) : 0;
    yield { position, from: first - (mapped ? index : 0), length: ranged ? end - first : undefined };
  }
}

/** Everything that a program makes that has pages. */
function wholes(program: Program, context: Context): Whole[] {
  const known = knownAfter(program, context);
  return program.steps.flatMap((step, at): Whole[] => {
    const { binds } = step.call;
    const name = step.binds;
    if (binds === 'a') {
      const area = known.areas[name];
      return area ? [{ base: 'a', name, at, pages: area.pages, object: -1, index: -1 }] : [];
    }
    const vma = binds === 'v' ? known.vmas[name] : undefined;
    return vma ? [{ base: 'v', name, at, pages: vma.pages, object: vma.object, index: vma.index }] : [];
  });
}

/** All areas and VMAs of a program, cut where it names their pages. */
export function piecesOf(program: Program, context: Context): Piece[] {
  return wholes(program, context).flatMap((whole) => {
    const cuts = new Set([0, whole.pages]);
    for (const step of program.steps) {
      for (const { from, length } of namedIn(step, whole, context.page)) {
        cuts.add(from);
        cuts.add(from + (length ?? 1));
      }
    }
    const inside = [...cuts].filter((cut) => cut >= 0 && cut <= whole.pages).sort((a, b) => a - b);
    return inside.slice(1).map((to, i) => ({ ...whole, from: inside[i], to }));
  });
}

/** A page after the pages `[from, to)` were cut out of `pages`; one of those that are gone becomes the next one. */
const moved = (page: number, from: number, to: number, pages: number): number =>
  page >= to ? page - (to - from) : page < from ? page : Math.max(Math.min(from, pages - (to - from) - 1), 0);

/** The step that makes a thing, making it shorter. */
function shortened(step: Step, from: number, to: number, page: number): Step {
  return step.call.parameters.reduce((made, parameter, position) => {
    const value = step.args[position];
    if (value === undefined || parameter.ofArea) return made;
    if (parameter.type === 'frames')
      return withArgument(made, position, (value as readonly FrameId[]).toSpliced(from, to - from));
    if (parameter.type === 'bytes')
      return withArgument(made, position, Math.max((value as number) - (to - from) * page, 0));
    return parameter.type === 'pages' ? withArgument(made, position, (value as number) - (to - from)) : made;
  }, step);
}

/** The steps with pages of a piece cut out, so that its first (or last) `left` are left; everything else moves up. */
export function cutPiece(steps: readonly Step[], piece: Piece, left: number, { page }: Context, last = false): Step[] {
  const { pages } = piece;
  const from = last ? piece.from : piece.from + left;
  const to = last ? piece.to - left : piece.to;
  return steps.map((step, at) => {
    if (at === piece.at) return shortened(step, from, to, page);
    let made = step;
    for (const { position, from: start, length } of namedIn(step, piece, page)) {
      const address = made.args[position] as Address;
      const shift = moved(start, from, to, pages) - start;
      made = withArgument(made, position, { ...address, offset: address.offset + shift * page });
      if (!length) continue;
      const common = Math.min(start + length, to) - Math.max(start, from);
      const bytes = made.args[position + 1] as number;
      const left = bytes - common * page;
      // Never no bytes at all, which would be another thing to ask for.
      if (common > 0) made = withArgument(made, position + 1, left > 0 ? left : Math.min(bytes, page));
    }
    return made;
  });
}
