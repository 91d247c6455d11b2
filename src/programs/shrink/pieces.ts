import type { Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { argumentAt, argumentsOf, type GivenArgument, withArgument } from '../arguments.ts';
import { type Context, knownAfter } from './pass.ts';

/** An area or a VMA. */
interface Mapping {
  readonly base: 'a' | 'v';
  readonly name: number;
  /** The position of the step that creates it. */
  readonly at: number;
  readonly pages: number;
  /** The object that a VMA maps, and the index in it of the VMA's first page; -1 for areas. */
  readonly object: number;
  readonly index: number;
}

/** Pages [from, to) of an area or VMA, between two pages that the program names. They can be cut out together. */
export interface Piece extends Mapping {
  readonly from: number;
  readonly to: number;
}

/** A range of pages that a step names, counted from the start of a mapping. */
interface NamedRange {
  /** The argument that gives its start, and its position. */
  readonly address: Address;
  readonly position: number;
  readonly from: number;
  /** In pages, if the next argument is a length, or a list with a frame for each page. */
  readonly length: number | undefined;
}

/** The ranges of a mapping that a step names. */
function* namedRanges(step: Step, mapping: Mapping, page: number): Iterable<NamedRange> {
  for (const { type, value, position } of argumentsOf(step)) {
    // An area as a whole names no page, but an address within it, given in its place, does.
    if (type !== 'address' && type !== 'object' && (type !== 'area' || value.offset === 0)) continue;
    const own = type !== 'object' && value.base === mapping.base && value.index === mapping.name;
    // A range of an object names the pages of the VMA that maps them.
    const mapped = type === 'object' && value.index === mapping.object && mapping.index >= 0 && step.binds < 0;
    if (!own && !mapped) continue;
    const first = Math.floor(value.offset / page);
    const size = argumentAt(step, position + 1);
    yield { address: value, position, from: first - (mapped ? mapping.index : 0), length: lengthIn(size, value, page) };
  }
}

/** The pages of a range that starts at an address; undefined if the argument behind the address does not tell. */
function lengthIn(size: GivenArgument | undefined, { offset }: Address, page: number): number | undefined {
  if (size?.type === 'frames') return size.value.length;
  return size?.type === 'bytes' ? Math.ceil((offset + size.value) / page) - Math.floor(offset / page) : undefined;
}

/** The areas and VMAs that a program creates. */
function mappings(program: Program, context: Context): Mapping[] {
  const known = knownAfter(program, context);
  return program.steps.flatMap((step, at): Mapping[] => {
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

/** The pieces of all areas and VMAs of a program. */
export function piecesOf(program: Program, context: Context): Piece[] {
  return mappings(program, context).flatMap((mapping) => {
    const cuts = new Set([0, mapping.pages]);
    for (const step of program.steps) {
      for (const { from, length } of namedRanges(step, mapping, context.page)) {
        cuts.add(from);
        cuts.add(from + (length ?? 1));
      }
    }
    const inside = [...cuts].filter((cut) => cut >= 0 && cut <= mapping.pages).sort((a, b) => a - b);
    return inside.slice(1).map((to, i) => ({ ...mapping, from: inside[i], to }));
  });
}

/** The new index of a page after the pages [from, to) of `pages` were cut out. A page that is gone becomes the next. */
const moved = (page: number, from: number, to: number, pages: number): number =>
  page >= to ? page - (to - from) : page < from ? page : Math.max(Math.min(from, pages - (to - from) - 1), 0);

/** The step that creates a mapping, without the pages [from, to) of it. */
function shortened(step: Step, from: number, to: number, page: number): Step {
  return argumentsOf(step).reduce((made, { type, value, parameter, position }) => {
    if (parameter.ofArea) return made;
    if (type === 'frames') return withArgument(made, position, value.toSpliced(from, to - from));
    if (type === 'bytes') return withArgument(made, position, Math.max(value - (to - from) * page, 0));
    return type === 'pages' ? withArgument(made, position, value - (to - from)) : made;
  }, step);
}

/**
 * The steps with a piece cut to `left` pages: its first ones, or its last ones if `last`. Addresses behind it move up,
 * and ranges across it become shorter.
 */
export function cutPiece(steps: readonly Step[], piece: Piece, left: number, { page }: Context, last = false): Step[] {
  const { pages } = piece;
  const from = last ? piece.from : piece.from + left;
  const to = last ? piece.to - left : piece.to;
  return steps.map((step, at) => {
    if (at === piece.at) return shortened(step, from, to, page);
    let made = step;
    for (const { address, position, from: start, length } of namedRanges(step, piece, page)) {
      const shift = moved(start, from, to, pages) - start;
      made = withArgument(made, position, { ...address, offset: address.offset + shift * page });
      const first = Math.max(start, from);
      const common = length ? Math.min(start + length, to) - first : 0;
      if (common > 0) made = withoutPages(made, position + 1, first - start, common, page);
    }
    return made;
  });
}

/** The step with a range cut by `pages` pages, from page `at` of it on; never to none, which would be another request. */
function withoutPages(step: Step, position: number, at: number, pages: number, page: number): Step {
  const size = argumentAt(step, position);
  if (size?.type === 'frames') {
    const left = size.value.toSpliced(at, pages);
    return withArgument(step, position, left.length > 0 ? left : size.value.slice(0, 1));
  }
  if (size?.type !== 'bytes') return step;
  const left = size.value - pages * page;
  return withArgument(step, position, left > 0 ? left : Math.min(size.value, page));
}
