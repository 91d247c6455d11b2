import type { Known } from '../../model/known.ts';
import type { Address } from '../../notation/address.ts';
import type { AnyArguments } from '../../notation/signature.ts';
import type { Step } from '../call.ts';

/** How far outside an area or a VMA an access may be, in pages. Farther away there may be anything, even a device. */
const NEAR_PAGES = 8;

/** Why an address must not be accessed; undefined if it may be. */
export function tooFar(
  known: Known,
  step: Step<readonly [address: Address, ...rest: AnyArguments]>,
): string | undefined {
  const { base, index, offset } = step.args[0];
  const named = base === 'a' ? known.areas[index] : base === 'v' ? known.vmas[index] : undefined;
  if (named) {
    const end = (named.pages + NEAR_PAGES) * known.page;
    return offset >= -NEAR_PAGES * known.page && offset < end
      ? undefined
      : `the address must lie within ${NEAR_PAGES} pages of ${base}${index}`;
  }
  return offset < known.page ? undefined : `the address must lie in the first page at ${base}`;
}
