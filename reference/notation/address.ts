/** What an expression names: an area, a user VMA, an object, an address space, or one of the two literals. */
export type Base = 'a' | 'v' | 'o' | 'm' | 'hole' | 'null';

/**
 * An address expression: a name and a distance in bytes (`a0+0x3000`, `v1-0x1000`, `hole`).
 *
 * @example
 * ```ts
 * import { type Address, inArea, parse } from 'mmspec';
 *
 * const [, read] = parse('mmspec program 1\n@0 a0 = vmap f0 f1\n@0 read a0+0x1000\n').entries[0].trace.program.steps;
 * const address = read.args[0] as Address;
 * console.log(address); // { base: 'a', index: 0, offset: 4096 }
 * console.log(inArea(0, 0x1000).offset === address.offset); // true
 * ```
 */
export interface Address {
  readonly base: Base;
  /** The number in the name; 0 for the literals. */
  readonly index: number;
  /** Bytes from the start of what the name stands for; may be negative. */
  readonly offset: number;
}

/**
 * The address `hole`: one that the target never hands out, so that nothing is ever mapped there.
 *
 * @example
 * ```ts
 * import { type Address, HOLE } from 'mmspec';
 *
 * const isHole = ({ base }: Address) => base === HOLE.base;
 * console.log(isHole(HOLE)); // true
 * ```
 */
export const HOLE: Address = { base: 'hole', index: 0, offset: 0 };
/**
 * The address `null`.
 *
 * @example
 * ```ts
 * import { type Address, NULL } from 'mmspec';
 *
 * const isNull = ({ base }: Address) => base === NULL.base;
 * console.log(isNull(NULL)); // true
 * ```
 */
export const NULL: Address = { base: 'null', index: 0, offset: 0 };

/**
 * The address `offset` bytes after the start of area `index`: `a0+0x1000`.
 *
 * @example
 * ```ts
 * import { inArea } from 'mmspec';
 *
 * console.log(inArea(3, 0x1000)); // { base: 'a', index: 3, offset: 4096 }
 * ```
 */
export const inArea = (index: number, offset: number): Address => ({ base: 'a', index, offset });
/**
 * The address `offset` bytes after the start of VMA `index`: `v0+0x1000`.
 *
 * @example
 * ```ts
 * import { inVma } from 'mmspec';
 *
 * console.log(inVma(0, -0x1000)); // { base: 'v', index: 0, offset: -4096 }
 * ```
 */
export const inVma = (index: number, offset: number): Address => ({ base: 'v', index, offset });
/**
 * The place `offset` bytes after the start of mapped object `index`: `o0+0x1000`.
 *
 * @example
 * ```ts
 * import { inObject } from 'mmspec';
 *
 * console.log(inObject(1, 0x2000)); // { base: 'o', index: 1, offset: 8192 }
 * ```
 */
export const inObject = (index: number, offset: number): Address => ({ base: 'o', index, offset });

/**
 * The address space `index`, which a `fork` made: `m0`.
 *
 * @example
 * ```ts
 * import { addressSpace } from 'mmspec';
 *
 * console.log(addressSpace(0)); // { base: 'm', index: 0, offset: 0 }
 * ```
 */
export const addressSpace = (index: number): Address => ({ base: 'm', index, offset: 0 });

/** Prints a number of bytes: `0x3000`. */
export const printBytes = (bytes: number): string => `0x${bytes.toString(16)}`;

/** Prints an address expression: `a0+0x3000`. */
export function printAddress({ base, index, offset }: Address): string {
  if (base === 'hole' || base === 'null') return offset === 0 ? base : `${base}+${printBytes(offset)}`;
  if (offset === 0) return `${base}${index}`;
  return offset > 0 ? `${base}${index}+${printBytes(offset)}` : `${base}${index}-${printBytes(-offset)}`;
}
