/** The sizes of an implementation's structures, in pages. Programs that fill these structures need them. */
export interface Sizes {
  /** A block from which small mappings are allocated; a mapping takes at most a quarter of it. */
  readonly block: number;
  /** Lazy pages above which an unmapping purges. */
  readonly lazy: number;
  /** The addresses for areas. */
  readonly arena: number;
  /** What a page table covers. */
  readonly table: number;
  /** A huge page for areas; undefined where it follows from the page size. */
  readonly huge?: number;
}

const SIZE_NAMES: readonly string[] = ['block', 'lazy', 'arena', 'table', 'huge'] satisfies readonly (keyof Sizes)[];

/** Whether a name is that of a size, as `sizes` in the handshake gives it. */
export const isSizeName = (name: string): name is keyof Sizes => SIZE_NAMES.includes(name);
