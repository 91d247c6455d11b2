import type { Known, KnownArea } from '../../model/known.ts';
import type { Address } from '../../notation/address.ts';
import type { AnyArguments } from '../../notation/signature.ts';
import type { ParameterDescription, Step } from '../call.ts';

/** What the calls on sparse areas share: areas of `get_vm_area` with VM_SPARSE, whose pages are mapped a few at a time. */

/** The sparse area. */
export const AREA = { name: 'area', type: 'area', origins: ['sparse'] } as const satisfies ParameterDescription;
/** The start of a range in the area. */
export const START = { name: 'start', type: 'address' } as const satisfies ParameterDescription;

/** A step whose first arguments are an area and the start of a range. */
type RangeStep = Step<readonly [area: Address, start: Address, ...rest: AnyArguments]>;

/** How many pages a range may begin before its area, or end behind it. */
const MAX_OUTSIDE = 8;

/** Why sparse areas are undefined with these traits; undefined if they are not. */
export function undefinedSparse({ traits }: Pick<Known, 'traits'>): string | undefined {
  if (traits.tlb === 'caller' || traits.tlb === 'never')
    return 'sparse areas are undefined where unmapping cannot flush';
  return traits.alias === 'allowed' ? undefined : 'sparse areas are undefined where aliases of a frame are special';
}

/** The area that is the step's first argument; undefined if it is not a live sparse area. */
export function knownSparse(known: Known, { args: [area] }: RangeStep): KnownArea | undefined {
  const found = area.base === 'a' && area.offset === 0 ? known.areas[area.index] : undefined;
  return found?.live && found.origin === 'sparse' ? found : undefined;
}

/** Why a range of pages of a sparse area is undefined here; undefined if it is defined. `pages` may be a fraction. */
export function undefinedRange(known: Known, step: RangeStep, pages: number): string | undefined {
  const area = knownSparse(known, step);
  if (!area) return 'the first argument must be a live area of get_vm_area';
  const { base, index, offset } = step.args[1];
  if (base !== 'a' || index !== area.name) return `the start must be an address of a${area.name}`;
  if (offset % known.page !== 0 || !Number.isInteger(pages)) return 'the range must be whole pages';
  if (pages === 0) return 'an empty range is undefined: BUG in Linux';
  const from = offset / known.page;
  return from >= -MAX_OUTSIDE && from + pages <= area.pages + MAX_OUTSIDE
    ? undefined
    : `the range must lie within ${MAX_OUTSIDE} pages of a${area.name}`;
}
