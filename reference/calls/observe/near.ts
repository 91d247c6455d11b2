import type { Known } from '../../model/known.ts';
import type { Address } from '../../notation/address.ts';
import type { AnyArguments } from '../../notation/signature.ts';
import type { Step } from '../call.ts';

/** Pages on either side of an area or a VMA that may be accessed: farther away may lie anything, devices among it. */
const NEAR = 8;

/** Why an address may not be accessed: nobody knows what is there. */
export function tooFar(
  known: Known,
  step: Step<readonly [address: Address, ...rest: AnyArguments]>,
): string | undefined {
  const { base, index, offset } = step.args[0];
  const named = base === 'a' ? known.areas[index] : base === 'v' ? known.vmas[index] : undefined;
  if (named) {
    const most = (named.pages + NEAR) * known.page;
    return offset >= -NEAR * known.page && offset < most
      ? undefined
      : `only addresses within ${NEAR} pages of ${base}${index} are accessed`;
  }
  return offset < known.page ? undefined : `only the first page at ${base} is accessed`;
}
