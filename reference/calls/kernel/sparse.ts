import type { Known, KnownArea } from '../../model/known.ts';
import type { Address } from '../../notation/address.ts';
import type { AnyArguments } from '../../notation/signature.ts';
import type { Choose, ParameterDescription, Step } from '../call.ts';
import { liesIn } from '../lies-in.ts';

/** What the calls on sparse areas share: areas of `get_vm_area` with VM_SPARSE, whose pages are mapped a few at a time. */

/** The sparse area. */
export const AREA = { name: 'area', type: 'area', origins: ['sparse'] } as const satisfies ParameterDescription;
/** The start of a range in the area. */
export const START = { name: 'start', type: 'address' } as const satisfies ParameterDescription;

/** A step whose first arguments are an area and the start of a range. */
type RangeStep = Step<readonly [area: Address, start: Address, ...rest: AnyArguments]>;

const NOT_PAGES = 'the range must be whole pages';

/** How many pages a range may begin before its area, or end behind it. */
const MAX_OUTSIDE = 8;

/** Why sparse areas are undefined with these traits; undefined if they are not. */
export function undefinedSparse({ traits }: Pick<Known, 'traits'>): string | undefined {
  if (traits.tlb === 'caller' || traits.tlb === 'never')
    return 'sparse areas are undefined where unmapping cannot flush';
  return traits.alias === 'allowed' ? undefined : 'sparse areas are undefined where aliases of a frame are special';
}

/** How many pages of a sparse area are certainly not mapped, from page `page` on. */
export function freePages(perhaps: Uint8Array, page: number): number {
  const next = perhaps.indexOf(1, page);
  return (next < 0 ? perhaps.length : next) - page;
}

/** Draws a page of a sparse area that is certainly not mapped; -1 if each may be mapped. */
export function drawFreePage(perhaps: Uint8Array, choose: Choose): number {
  const page = perhaps.indexOf(0, choose.below(perhaps.length));
  return page < 0 ? perhaps.indexOf(0) : page;
}

/** The area that is the step's first argument; undefined if it is not a live sparse area. */
export function knownSparse(known: Known, { args: [area] }: RangeStep): KnownArea | undefined {
  const found = area.base === 'a' && area.offset === 0 ? known.areas[area.index] : undefined;
  return found?.live && found.origin === 'sparse' ? found : undefined;
}

/** Why the start of a range in a sparse area is undefined here; undefined if it is defined. */
export function undefinedStart(known: Known, step: RangeStep): string | undefined {
  const area = knownSparse(known, step);
  if (!area) return 'the first argument must be a live area of get_vm_area';
  const { base, index, offset } = step.args[1];
  if (base !== 'a' || index !== area.name) return `the start must be an address of a${area.name}`;
  return offset % known.page === 0 ? undefined : NOT_PAGES;
}

/** Why a range is undefined here for a call that checks no area; undefined if it is defined. `pages` may be a fraction. */
export function undefinedPart(known: Known, step: RangeStep, pages: number): string | undefined {
  const why = undefinedStart(known, step);
  if (why) return why;
  if (!Number.isInteger(pages)) return NOT_PAGES;
  const area = knownSparse(known, step)!;
  return liesIn(area, step.args[1].offset / known.page, pages)
    ? undefined
    : `a range that leaves a${area.name} is undefined: no area is checked`;
}

/** Why a range of pages of a sparse area is undefined here; undefined if it is defined. `pages` may be a fraction. */
export function undefinedRange(known: Known, step: RangeStep, pages: number): string | undefined {
  const why = undefinedStart(known, step);
  if (why) return why;
  if (!Number.isInteger(pages)) return NOT_PAGES;
  if (pages === 0) return 'an empty range is undefined: BUG in Linux';
  const area = knownSparse(known, step)!;
  const from = step.args[1].offset / known.page;
  return from >= -MAX_OUTSIDE && from + pages <= area.pages + MAX_OUTSIDE
    ? undefined
    : `the range must lie within ${MAX_OUTSIDE} pages of a${area.name}`;
}
