import type { Call, Step } from '../../../reference/calls/call.ts';
import type { Argument } from '../../../reference/notation/signature.ts';
import { type NamedAddress, namedAddress } from '../arguments.ts';
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
  let layout = layouts[call.position];
  if (!layout) {
    const at = (type: string): number => call.parameters.findIndex((parameter) => parameter.type === type);
    layout = {
      object: at('object'),
      pages: at('pages'),
      bytes: at('bytes'),
      frame: at('frame'),
      frames: at('frames'),
      address: at('address'),
      looks: isLook(call),
    };
    layouts[call.position] = layout;
  }
  return layout;
}

/** The argument of a step at a position of its layout. */
export const at = <T extends Argument>({ args }: Step, position: number): T | undefined =>
  position < 0 ? undefined : (args[position] as T | undefined);

/** The area or VMA that the first argument of a step names. */
export const firstAddress = ({ args }: Step): NamedAddress | undefined => namedAddress(args[0]);
