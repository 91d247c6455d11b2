/** The calls that map and unmap kernel areas, and look them up. */
export const KERNEL_CALL_NAMES = [
  'vmap',
  'vunmap',
  'vm_map_ram',
  'vm_unmap_ram',
  'vm_unmap_aliases',
  'vmalloc',
  'vzalloc',
  'vmalloc_user',
  'vmalloc_huge',
  'vfree',
  'vfree_atomic',
  'vrealloc',
  'set_vm_flush_reset_perms',
  'set_memory_ro',
  'set_memory_rw',
  'get_vm_area',
  'free_vm_area',
  'vm_area_map_pages',
  'vm_area_unmap_pages',
  'apply_to_page_range',
  'apply_to_existing_page_range',
  'vmalloc_to_page',
  'is_vmalloc_addr',
  'find_vm_area',
  'vread',
  'reclaim',
] as const;

/** The calls on user VMAs. */
export const USER_CALL_NAMES = [
  'mmap',
  'munmap',
  'vm_munmap',
  'mremap',
  'mprotect',
  'remap_pfn_range',
  'vm_insert_page',
  'vm_insert_pages',
  'vm_map_pages',
  'vm_map_pages_zero',
  'remap_vmalloc_range',
  'vmf_insert_pfn',
  'vmf_insert_mixed',
  'fault',
  'zap_vma_ptes',
  'madvise',
  'follow_pfn',
  'follow_pfnmap_start',
  'get_user_pages',
  'unmap_mapping_range',
  'break_cow',
  'fork',
  'exit',
] as const;

/** The steps that observe what calls have done, and that prepare failures. */
export const OBSERVING_CALL_NAMES = [
  'read',
  'write',
  'reread',
  'page_count',
  'page_mapcount',
  'allocated_pages',
  'fail_after',
  'flush_tlb',
] as const;

/**
 * The name of every call of the contract, in the order in which calls are listed. A new call starts above: the compiler
 * then lists every table that still lacks it.
 */
export const CALL_NAMES = [...KERNEL_CALL_NAMES, ...USER_CALL_NAMES, ...OBSERVING_CALL_NAMES] as const;

/**
 * The name of a call.
 *
 * @example
 * ```ts
 * import { type CallName, VOCABULARY } from 'mmspec';
 *
 * const unmapping: CallName[] = ['vunmap', 'vm_unmap_ram', 'vfree'];
 * console.log(unmapping.every((name) => VOCABULARY.has(name))); // true
 * ```
 */
export type CallName = (typeof CALL_NAMES)[number];

/** The name of a call on user VMAs. */
export type UserCallName = (typeof USER_CALL_NAMES)[number];
