import type { Sizes } from '../../targets/sizes.ts';

/**
 * The sizes that states are counted for where a target does not tell its own: those of the embedded implementation, and of
 * x86-64's page tables.
 */
export const SIZES: Sizes = { block: 16, lazy: 64, arena: 65_520, table: 512 };
