/** What an address expression is relative to: an area, a user VMA, an object, or one of the two literals. */
export type Base = 'a' | 'v' | 'o' | 'hole' | 'null';

/** An address expression: a name and a distance in bytes (`a0+0x3000`, `v1-0x1000`, `hole`). */
export interface Address {
  readonly base: Base;
  /** The number in the name; 0 for the literals. */
  readonly index: number;
  /** Bytes from the start of what the name stands for; may be negative. */
  readonly offset: number;
}

export const HOLE: Address = { base: 'hole', index: 0, offset: 0 };
export const NULL: Address = { base: 'null', index: 0, offset: 0 };

/** `a0 + offset bytes`. */
export const inArea = (index: number, offset: number): Address => ({ base: 'a', index, offset });
/** `v0 + offset bytes`. */
export const inVma = (index: number, offset: number): Address => ({ base: 'v', index, offset });
/** `o0 + offset bytes`. */
export const inObject = (index: number, offset: number): Address => ({ base: 'o', index, offset });

/** A number of bytes as the notation writes it (`0x3000`). */
export const printBytes = (bytes: number): string => `0x${bytes.toString(16)}`;

/** An address expression as the notation writes it. */
export function printAddress({ base, index, offset }: Address): string {
  if (base === 'hole' || base === 'null') return offset === 0 ? base : `${base}+${printBytes(offset)}`;
  if (offset === 0) return `${base}${index}`;
  return offset > 0 ? `${base}${index}+${printBytes(offset)}` : `${base}${index}-${printBytes(-offset)}`;
}
