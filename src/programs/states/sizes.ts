/** The sizes of an implementation's structures, in pages. */
export interface Sizes {
  /** A block from which small mappings are allocated; a mapping takes at most a quarter of it. */
  readonly block: number;
  /** Lazy pages above which an unmapping purges. */
  readonly lazy: number;
  /** The addresses for areas. */
  readonly arena: number;
  /** What a page table covers. */
  readonly table: number;
}

/**
 * The sizes that states are counted for. Those of the embedded implementation and of x86-64's page tables: no target
 * announces its own yet.
 */
export const SIZES: Sizes = { block: 16, lazy: 64, arena: 65_520, table: 512 };
