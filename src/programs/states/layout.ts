import type { Call, Step } from '../../../reference/calls/call.ts';
import type { Address } from '../../../reference/notation/address.ts';
import type { Argument } from '../../../reference/notation/signature.ts';
import type { NamedAddress } from '../arguments.ts';
import { isLook } from '../look.ts';

/** Where a call has the arguments that states depend on: positions, -1 where it has none. */
export interface Layout {
  readonly object: number;
  readonly pages: number;
  readonly bytes: number;
  readonly frame: number;
  readonly frames: number;
  readonly address: number;
  readonly looks: boolean;
}

/** By the position of the call. */
const layouts: (Layout | undefined)[] = [];

/** The layout of a call, computed once: searching the parameters in each step would cost more than all the rest. */
export function layoutOf(call: Call): Layout {
  layouts[call.position] ??= newLayout(call);
  return layouts[call.position]!;
}

/** Computes a layout. It is a function of its own because a closure in `layoutOf` would take memory in each call. */
function newLayout(call: Call): Layout {
  const at = (type: string): number => call.parameters.findIndex((parameter) => parameter.type === type);
  return {
    object: at('object'),
    pages: at('pages'),
    bytes: at('bytes'),
    frame: at('frame'),
    frames: at('frames'),
    address: at('address'),
    looks: isLook(call),
  };
}

/** The argument of a step at a position of its layout. */
export const at = <T extends Argument>({ args }: Step, position: number): T | undefined =>
  position < 0 ? undefined : (args[position] as T | undefined);

/** An address in an area or VMA. */
export type InRange = Pick<NamedAddress, 'base' | 'index' | 'offset'>;

/** The first argument of a step, if it is an address in an area or VMA. */
export function firstAddress({ args }: Step): InRange | undefined {
  const address = args[0] as Partial<Address> | undefined;
  return address?.base === 'a' || address?.base === 'v' ? (address as InRange) : undefined;
}
