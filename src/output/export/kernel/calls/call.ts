import type { StepOf } from '../../../../../reference/calls/index.ts';
import type { Address } from '../../../../../reference/notation/address.ts';
import type { CallName } from '../../../../../reference/notation/names.ts';
import type { Lists } from '../../c/lists.ts';
import { hex, nameOf } from '../../c/text.ts';
import type { Piece } from '../piece.ts';

/** A call as a module makes it. */
export interface KernelCall<N extends CallName = CallName> {
  /** The C function that makes the call and records what it answered. */
  readonly piece: Piece;
  /** The same for a step, where it depends on the arguments. */
  pieceFor?(step: StepOf<N>): Piece;
  /** The C statement of one step. */
  statement(step: StepOf<N>, lists: Lists): string;
}

/** A call that a module cannot make. */
export interface Unavailable {
  /** The reason, as the second half of a sentence. */
  readonly unavailable: string;
}

export type KernelCalls = { readonly [N in CallName]: KernelCall<N> | Unavailable };

/** `do_read(&a[0], 0x3000, o);` */
export const statement = (name: string, ...args: readonly (string | number | boolean)[]): string =>
  `${name}(${[...args, 'o'].join(', ')});`;

/** The two C arguments of an address: what its name stands for, and the distance in bytes from its start. */
export const place = (address: Address): string => `${nameOf(address)}, ${hex(address.offset)}`;
