import type { CallName } from '../../../../../reference/notation/names.ts';
import { AREA_CALLS } from './areas.ts';
import type { KernelCall, KernelCalls, Unavailable } from './call.ts';
import { LOOKUP_CALLS } from './lookups.ts';
import { OBSERVE_CALLS } from './observe.ts';
import { PERMISSION_CALLS } from './permissions.ts';
import { PTE_CALLS } from './ptes.ts';
import { SPARSE_CALLS } from './sparse.ts';
import { VMA_CALLS } from './vmas.ts';

const TABLE = {
  ...AREA_CALLS,
  ...PERMISSION_CALLS,
  ...SPARSE_CALLS,
  ...VMA_CALLS,
  ...PTE_CALLS,
  ...LOOKUP_CALLS,
  ...OBSERVE_CALLS,
} satisfies KernelCalls;

/** How a module makes each call, or why it cannot. */
export const KERNEL_CALLS: Readonly<Record<CallName, KernelCall | Unavailable>> = TABLE;
