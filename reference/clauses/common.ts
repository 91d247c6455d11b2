import { type Clause, clause } from './clause.ts';

/** Clauses that do not belong to one call. */

/** The calls that show the counts of a frame. */
export const COUNTING: readonly string[] = ['page_count', 'page_mapcount'];

const DOC = 'Linux Kernel API, mm/vmalloc.c';

export const CRASH = clause(
  'SAFE-1',
  'A program of defined calls does not crash or hang the implementation.',
  'every in-tree caller',
);
export const WARNING = clause(
  'SAFE-2',
  'A call warns in the log only where the contract says so.',
  'every in-tree caller',
  { needs: ['warn'] },
);

export const LEAKS = clause(
  'SAFE-3',
  'What a program has undone leaves nothing behind: no address, no page, no reference. Memory that is in use is not freed.',
  'every in-tree caller; kernel-doc of vfree()',
  { needs: ['leaks', 'allocated_pages'] },
);

export const AREA_PLACE = clause(
  'VA-1',
  'The address of an area is page aligned, and all pages of the area lie in the window of the kernel-virtual layer.',
  'mm/vmalloc.c, alloc_vmap_area()',
);
export const AREA_APART = clause(
  'VA-3',
  'Areas that are live at the same time do not overlap, guard pages included.',
  'mm/vmalloc.c, insert_vmap_area()',
);
export const REUSE = clause(
  'VA-4',
  "An address is not handed out again until every CPU's stale translation for it is gone.",
  'mm/vmalloc.c, __purge_vmap_area_lazy()',
  { where: { tlb: 'lazy|before-return|never' } },
);
export const GUARD = clause(
  'VA-5',
  'The guard page of a live area is never mapped: every access to it faults.',
  'mm/vmalloc.c, VM_NO_GUARD',
  { where: { guard: 'trailing|leading' } },
);
export const FAILURE = clause(
  'VA-9',
  'A mapping call that returns NULL leaves nothing behind: no mapping, no reference.',
  'kernel-doc of vmap(), "or NULL on failure"',
  { needs: COUNTING, rare: 'no-memory' },
);
export const MEMORY = clause(
  'MEM-1',
  'A call fails for lack of memory only if a fail_after step explains it, or if the program has asked for more pages than the target promises. Each fail_after explains one such failure.',
  'mm/vmalloc.c, alloc_vmap_area(); mm/memory.c, insert_page()',
  { where: { memory: 'ample' } },
);
export const EMPTY = clause(
  'VA-12',
  'vmap, vmalloc and vzalloc of size 0 return an address; giving it back changes nothing else.',
  'declared by the trait zero_vmap=address',
  { where: { zero_vmap: 'address' } },
);
export const SAME_ADDRESS = clause(
  'VA-13',
  'A mapping of the same list of frames by the same call returns the area of the first, which stays mapped until each call that returned it was undone.',
  'declared by the trait alias=same-address',
  { where: { alias: 'same-address' } },
);
export const PERMANENT_PLACE = clause(
  'VA-14',
  'A mapping of one page returns the address of the page in the permanent map: outside the window, and the same each time.',
  'declared by the trait single_page=permanent',
  { where: { single_page: 'permanent' } },
);
export const PERMANENT = clause(
  'VA-15',
  'A page that was mapped alone is reached at its permanent address at any time, also after it was unmapped.',
  'declared by the trait single_page=permanent',
  { where: { single_page: 'permanent' } },
);
export const STRAY = clause(
  'VA-11',
  "An address where the program never mapped anything does not reach any of the program's frames.",
  'mm/vmalloc.c, insert_vmap_area()',
);

export const MAPS = clause(
  'MAP-1',
  'Once a mapping call has returned an address, every CPU reaches exactly the i-th frame at the i-th page, without any flush by the caller.',
  `${DOC}; Documentation/core-api/cachetlb.rst, flush_cache_vmap`,
  { promises: 'maps', where: { tlb: 'lazy|before-return|never' } },
);
export const SAME_MEMORY = clause(
  'MAP-2',
  'All mappings of a frame are the same memory: a read through one mapping returns the value that was last written through any of them.',
  'kernel-doc of vm_unmap_aliases(), on aliases of a page',
  { needs: ['write'] },
);

export const UNMAP_KEEPS = clause(
  'UNMAP-1',
  'Unmapping one area leaves every other area mapped.',
  'mm/vmalloc.c, vunmap()',
  { promises: 'keeps' },
);
export const UNMAP_FLUSHES = clause(
  'UNMAP-2',
  'Once an unmapping call has returned, no CPU reaches the old frames at the addresses that it unmapped.',
  'declared by the trait tlb=before-return',
  { promises: 'flushes', where: { tlb: 'before-return' } },
);
export const MAY_LINGER = clause(
  'UNMAP-3',
  'After an unmapping call has returned, any CPU may still reach the old frame until a flush covers the address.',
  'kernel-doc of vm_unmap_aliases(): "there might be some CPUs with TLB entries still referencing that page"',
  { level: 'MAY', where: { tlb: 'lazy|never|caller' } },
);
export const GONE_STAYS = clause(
  'UNMAP-4',
  'Once a read of a CPU has faulted at an unmapped address, the CPU does not reach the old frame there again, in the same address space.',
  'a translation that is not in the page tables cannot be loaded',
);
export const STALE_ONLY = clause(
  'UNMAP-5',
  "A stale address reaches its own old frame, or none of the program's frames.",
  'mm/vmalloc.c, vunmap_range_noflush()',
);

export const CALLER_FLUSHES = clause(
  'TLB-1',
  'Once a CPU has executed flush_tlb, it reaches in the kernel window exactly what was mapped when it did, or was mapped since.',
  'declared by the trait tlb=caller',
  { promises: 'flushes', where: { tlb: 'caller' } },
);
export const CALLER_FLUSHES_USER = clause(
  'TLB-2',
  'Once a CPU has executed flush_tlb, it reaches in VMAs exactly what was mapped when it did, or was mapped since.',
  'declared by the trait user_tlb=caller',
  { promises: 'flushes', where: { user_tlb: 'caller' } },
);

export const ALIAS_FLUSHED = clause(
  'ALIAS-1',
  'After vm_unmap_aliases has returned, no page has any alias left from the vmap layer: no CPU reaches the old frame through an address whose unmapping call had returned before vm_unmap_aliases was called.',
  'kernel-doc of vm_unmap_aliases(): "we can be sure that none of the pages we have control over will have any aliases from the vmap layer"',
  { where: { tlb: 'lazy|before-return' } },
);
export const FLUSH_KEEPS = clause(
  'ALIAS-2',
  'vm_unmap_aliases leaves live mappings as they are.',
  'kernel-doc of vm_unmap_aliases(): "unmap outstanding lazy aliases in the vmap layer"',
);
export const FLUSH_KEEPS_USER = clause(
  'ALIAS-7',
  'vm_unmap_aliases does not touch user mappings.',
  'mm/vmalloc.c, _vm_unmap_aliases()',
);

export const READ_NOTHING = clause(
  'READ-1',
  'An access to NULL, or to an address that is never handed out, faults.',
  'an address that is not in the page tables cannot be reached',
);
export const COUNTS = clause(
  'COUNT-1',
  'The counts of a frame change only through calls that involve the frame.',
  'include/linux/mm.h, get_page()',
  { needs: COUNTING },
);

export const VMA_PLACE = clause(
  'MMAP-1',
  'A VMA starts at a page-aligned address, lies in the window of the user side and does not overlap another VMA.',
  'mm/mmap.c, do_mmap(), get_unmapped_area()',
);
export const STRAY_USER = clause(
  'MMAP-2',
  "A user address outside every VMA does not reach any of the program's frames.",
  'mm/memory.c, handle_mm_fault()',
);
export const NOT_MAPPED = clause(
  'MMAP-3',
  'A page of a VMA is not mapped until a call fills it: an access that does not fault pages in gets a fault.',
  'mm/memory.c, do_fault()',
);
export const COW_PROTECTS = clause(
  'COW-1',
  'A page of a private VMA that is not yet a copy cannot be written without breaking copy-on-write.',
  'mm/memory.c, do_wp_page()',
);
export const NO_STALE_REFILL = clause(
  'MMAP-4',
  'Once a page has been filled again, no CPU reaches the frame that was there before.',
  'mm/memory.c, zap_pte_range()',
  { where: { user_tlb: 'before-return' } },
);

export const AREAS_EVERYWHERE = clause(
  'SPACE-1',
  'A kernel area is mapped in every address space: in that of a child, too, if it was made after the fork.',
  'arch/x86/mm/fault.c, arch_sync_kernel_mappings(); arch/x86/mm/pgtable.c, pgd_ctor()',
  { needs: ['fork'] },
);

/** The clauses of this file, without those that a call lists as its own. */
export const COMMON: readonly Clause[] = [
  CRASH,
  WARNING,
  LEAKS,
  AREA_PLACE,
  AREA_APART,
  REUSE,
  GUARD,
  FAILURE,
  MEMORY,
  STRAY,
  EMPTY,
  SAME_ADDRESS,
  PERMANENT_PLACE,
  PERMANENT,
  MAPS,
  SAME_MEMORY,
  UNMAP_KEEPS,
  UNMAP_FLUSHES,
  MAY_LINGER,
  GONE_STAYS,
  STALE_ONLY,
  READ_NOTHING,
  COUNTS,
  VMA_PLACE,
  STRAY_USER,
  AREAS_EVERYWHERE,
  NOT_MAPPED,
  COW_PROTECTS,
  NO_STALE_REFILL,
];
