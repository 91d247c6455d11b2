/** The C types that a module and a plain C program name differently. */
export interface Dialect {
  readonly address: string;
  readonly byte: string;
  /** The number of a frame. */
  readonly frame: string;
}

export const MODULE: Dialect = { address: 'unsigned long', byte: 'u8', frame: 'u16' };
export const PLAIN: Dialect = { address: 'uint64_t', byte: 'unsigned char', frame: 'unsigned int' };
