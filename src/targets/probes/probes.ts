import type { TraitName } from '../../../reference/profiles/traits.ts';
import * as kernel from './kernel.ts';
import type { Probe } from './probe.ts';
import * as user from './user.ts';

/** The probe of each trait, in the order in which they run; undefined for a trait that no program can show. */
export const PROBES: Readonly<Record<TraitName, Probe | undefined>> = {
  tlb: kernel.tlb,
  user_tlb: user.userTlb,
  guard: kernel.guard,
  alias: kernel.alias,
  single_page: kernel.singlePage,
  vread_ram: kernel.vreadRam,
  zap_return: user.zapReturn,
  zap_mixedmap: user.zapMixedmap,
  unmap_inserted: user.unmapInserted,
  full_remap: user.fullRemap,
  follow_outside: user.followOutside,
  // A mapping call that fails may be short of memory, or wrong.
  memory: undefined,
  unmap_interior: kernel.interior,
  // The dangerous ones come last: each may crash the target.
  zap_checks: user.zapChecks,
  unmap_null: kernel.unmapNull,
  unmap_unknown: kernel.unmapUnknown,
  vfree_unknown: kernel.vfreeUnknown,
  zero_vmap: kernel.zeroVmap,
  zero_map_ram: kernel.zeroMapRam,
};
