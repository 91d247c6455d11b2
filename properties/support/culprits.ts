/** Programs in which a call only notices what another one did. The judge alone charges the clause in `symptom`. */
export const CASES = [
  {
    what: 'an unmap_mapping_range that leaves a page, noticed by vm_insert_page',
    mutant: 'unmap-range-first-vma-only',
    symptom: 'INS-1',
    clause: 'UMR-1',
    call: 'unmap_mapping_range',
    steps: `
      @0 v0 = mmap o0 1 plain shared
      @0 v1 = mmap o0 1 mixedmap shared
      @0 vm_insert_page v1 v1 f0
      @0 unmap_mapping_range o0 0x0 flags=even_cows
      @0 vm_insert_page v1 v1 f1`,
  },
  {
    what: 'a vm_insert_page without a reference, noticed after munmap',
    mutant: 'insert-takes-no-reference',
    symptom: 'MUN-4',
    clause: 'INS-1',
    call: 'vm_insert_page',
    steps: `
      @0 v0 = mmap o0 1 plain shared
      @0 vm_insert_page v0 v0 f0
      @0 munmap v0
      @0 page_count f0`,
  },
  {
    what: 'a vm_insert_page that refuses any page of an area, noticed where a page is mapped',
    mutant: 'insert-refuses-area-page',
    symptom: 'INS-3',
    clause: 'INS-1',
    call: 'vm_insert_page',
    steps: `
      @0 v0 = mmap o0 1 plain shared
      @0 a0 = vmalloc_user 0x2000
      @0 remap_vmalloc_range v0 a0 1
      @0 vm_insert_page v0 v0 a0:0`,
  },
  {
    what: 'a mapping without a flush, noticed after another area was unmapped',
    mutant: 'map-without-flush',
    symptom: 'UNMAP-1',
    clause: 'MAP-1',
    call: 'vmap',
    steps: `
      @0 a0 = vmap f0
      @0 vunmap a0
      @0 vm_unmap_aliases
      @1 read a0
      @0 a1 = vmap f0
      @0 a2 = vm_map_ram f1
      @0 vm_unmap_ram a2 1
      @1 read a1`,
  },
  {
    what: 'a vfree that should flush because of VM_FLUSH_RESET_PERMS, noticed by a read',
    mutant: 'reset-perms-frees-lazily',
    symptom: 'PERM-1',
    clause: 'PERM-1',
    call: 'vfree',
    steps: `
      @0 a0 = vmalloc 0x1000
      @0 read a0
      @0 set_vm_flush_reset_perms a0
      @0 vfree a0
      @0 read a0`,
  },
  {
    what: 'a stale walk cache, noticed after a zap of no bytes',
    mutant: 'munmap-keeps-walk-cache',
    symptom: 'MMAP-2',
    clause: 'MUN-2',
    call: 'munmap',
    steps: `
      @0 v0 = mmap o0 1 pfnmap shared remap=f0
      @1 read v0
      @0 munmap v0
      @0 v1 = mmap o0 1 pfnmap shared remap=f1
      @0 zap_vma_ptes v1 v1 0x0
      @1 read v0`,
  },
  {
    what: 'a failed vmap that leaves entries, noticed after the address was used again',
    mutant: 'failed-map-leaves-pages',
    symptom: 'VA-11',
    clause: 'VA-9',
    call: 'vmap',
    steps: `
      @0 fail_after 4
      @0 a0 = vmap f0x4
      @0 a1 = vmap f1
      @0 vunmap a1
      @0 vm_unmap_aliases
      @0 read a1+0x1000`,
  },
  {
    what: 'a lookup with a wrong answer, where the page tables are right',
    mutant: 'follow-remembers',
    symptom: 'ZAP-1',
    clause: 'FOL-2',
    call: 'follow_pfn',
    steps: `
      @0 v0 = mmap o0 1 pfnmap shared remap=f0
      @0 follow_pfn v0 v0
      @0 zap_vma_ptes v0 v0 0x1000
      @0 follow_pfn v0 v0`,
  },
  {
    what: 'a flush that finds nothing to do, since the unmapping call gave the address back too early',
    mutant: 'threshold-hit-exactly',
    symptom: 'ALIAS-1',
    clause: 'VA-4',
    call: 'vunmap',
    steps: `
      @0 a0 = vmap f0..f62
      @0 read a0
      @0 vunmap a0
      @0 vm_unmap_aliases
      @0 read a0`,
  },
  {
    what: 'a stale translation, noticed at the guard page of the next area after a failed mapping call',
    mutant: 'threshold-purge-forgets-flush',
    symptom: 'VA-4',
    clause: 'VA-4',
    call: 'vunmap',
    steps: `
      @0 fail_after 1
      @0 a0 = vm_map_ram f0..f31
      @0 a1 = vmap f0..f31
      @0 read a1
      @0 vunmap a1
      @0 a2 = vmap f0..f31
      @0 read a1`,
  },
  {
    what: 'a failed vmap that unmaps another area, after a vunmap that does nothing',
    mutant: 'vunmap-stays-in-table',
    symptom: 'VUNMAP-1',
    clause: 'MAP-1',
    call: 'vmap',
    steps: `
      @0 a0 = vmap f0
      @0 fail_after 1
      @0 vunmap hole
      @0 a1 = vmap f0..f63 f0..f63 f0..f63 f0..f63 f0..f63 f0..f63 f0..f63 f0..f63 f0..f62
      @0 write a0 1`,
  },
  {
    what: 'memory that two areas share, noticed by the clean-up',
    mutant: 'vmalloc-shares-page',
    symptom: 'SAFE-3',
    clause: 'VM-1',
    call: 'vmalloc',
    steps: `
      @0 a0 = vmalloc 0x1000
      @0 vfree a0
      @0 a1 = vmalloc 0x1000
      @0 read a0`,
  },
  {
    what: 'a vfree that keeps its pages, noticed by the clean-up, which calls it',
    mutant: 'vfree-keeps-memory',
    symptom: 'SAFE-3',
    clause: 'SAFE-3',
    call: 'vfree',
    steps: `
      @0 a0 = vmalloc 0x1000
      @0 read a0`,
  },
  {
    what: 'a munmap that keeps a reference, noticed by the clean-up, which calls it',
    mutant: 'munmap-keeps-references',
    symptom: 'SAFE-3',
    clause: 'MUN-4',
    call: 'munmap',
    steps: `
      @0 v0 = mmap o0 1 plain shared
      @0 vm_insert_page v0 v0 f0
      @0 read v0`,
  },
  {
    what: 'a munmap that keeps the last of many pages, noticed by the clean-up, which calls it',
    mutant: 'zap-stops-at-table',
    symptom: 'SAFE-3',
    clause: 'MUN-4',
    call: 'munmap',
    steps: `
      @0 v0 = mmap o0 512 plain shared
      @0 vm_insert_pages v0 v0+0x1e8000 f0..f23
      @0 read v0`,
  },
  {
    what: 'a vunmap whose addresses are never free again, noticed by the clean-up',
    mutant: 'addresses-never-free',
    symptom: 'SAFE-3',
    clause: 'SAFE-3',
    call: 'vunmap',
    steps: `
      @0 a0 = vmap f0
      @0 read a0`,
  },
  {
    what: 'a page that was inserted without a count before the call failed at the same page',
    mutant: 'insert-pages-counts-at-end',
    symptom: 'INS-8',
    clause: 'INS-8',
    call: 'vm_insert_pages',
    steps: `
      @0 v0 = mmap o0 2 plain shared
      @0 vm_insert_page v0 v0+0x1000 f0
      @0 vm_insert_pages v0 v0 f0 f1
      @0 page_count f0`,
  },
  {
    what: 'a failed vmalloc that keeps pages, beside a VMA and an area that the clean-up unmaps',
    mutant: 'failed-vmalloc-keeps-pages',
    symptom: 'SAFE-3',
    clause: 'VA-9',
    call: 'vmalloc',
    steps: `
      @0 v0 = mmap o0 1 plain shared
      @0 a0 = vmap f0
      @0 fail_after 1
      @0 a1 = vmalloc 0x2000
      @0 read a0`,
  },
  {
    what: 'a failed vmalloc that keeps pages, noticed after other calls',
    mutant: 'failed-vmalloc-keeps-pages',
    symptom: 'SAFE-3',
    clause: 'VA-9',
    call: 'vmalloc',
    steps: `
      @0 fail_after 1
      @0 a0 = vmalloc 0x2000
      @0 a1 = vmap f0
      @0 vunmap a1
      @0 vm_unmap_aliases`,
  },
  {
    what: 'a vmf_insert_mixed that replaces a page with the same frame, noticed by get_user_pages',
    mutant: 'mixed-insert-replaces',
    symptom: 'GUP-5',
    clause: 'VIM-2',
    call: 'vmf_insert_mixed',
    steps: `
      @0 v0 = mmap o0 1 mixedmap shared
      @0 vm_map_pages v0 f0
      @0 vmf_insert_mixed v0 v0 f0
      @0 get_user_pages v0`,
  },
  {
    what: 'a vmf_insert_pfn that replaces a page with a frame that was there before',
    mutant: 'fault-insert-replaces',
    symptom: 'MMAP-4',
    clause: 'VIP-2',
    call: 'vmf_insert_pfn',
    steps: `
      @0 v0 = mmap o0 1 pfnmap shared remap=f0
      @0 zap_vma_ptes v0 v0 0x1000
      @0 vmf_insert_pfn v0 v0 f1
      @0 vmf_insert_pfn v0 v0 f0
      @0 read v0`,
  },
  {
    what: 'an mprotect that flushes too little when it allows access again, not the mapping call before',
    mutant: 'mprotect-without-flush',
    symptom: 'MPR-3',
    clause: 'MPR-3',
    call: 'mprotect',
    steps: `
      @0 v0 = mmap o0 1 pfnmap shared remap=f0
      @0 mprotect v0 none
      @1 read v0
      @0 mprotect v0 write
      @1 read v0`,
  },
  {
    what: 'an exit that frees the page of an area, noticed in the VMA of the parent',
    mutant: 'unmap-puts-area-page-twice',
    symptom: 'EXI-1',
    clause: 'VM-1',
    call: 'exit',
    steps: `
      @0 a0 = vmalloc 0x1000
      @0 v0 = mmap o0 1 plain shared
      @0 vm_insert_page v0 v0 a0:0
      @0 m0 = fork
      @0 exit m0
      @0 read v0`,
  },
  {
    what: 'a private page that is mapped writable, noticed by a lookup that says so',
    mutant: 'private-pages-writable',
    symptom: 'FOL-3',
    clause: 'COW-1',
    call: 'mmap',
    steps: `
      @0 v0 = mmap o0 1 pfnmap private remap=f0
      @0 follow_pfnmap_start v0 v0 writable`,
  },
  {
    what: 'a stale walk cache, noticed outside every VMA once vmap used the page table',
    mutant: 'munmap-keeps-walk-cache',
    symptom: 'MMAP-2',
    clause: 'MUN-2',
    call: 'munmap',
    steps: `
      @0 v0 = mmap o0 1 pfnmap shared remap=f0
      @1 read v0
      @0 munmap v0
      @0 a0 = vmap f1
      @1 read v0-0x1000`,
  },
  {
    what: 'a flush that every call for VMAs shares, noticed after unmap_mapping_range',
    mutant: 'full-user-flush-forgotten',
    symptom: 'UMR-4',
    clause: 'MUN-2',
    call: 'munmap',
    steps: `
      @0 v0 = mmap o0 40 pfnmap shared remap=f0
      @1 read v0
      @0 unmap_mapping_range o0 0x0
      @0 read v0
      @1 read v0`,
  },
  {
    what: 'a mapping that every mapping call flushes locally, noticed after vmalloc_huge',
    mutant: 'map-flushes-locally',
    symptom: 'VM-7',
    clause: 'MAP-1',
    call: 'vmap',
    steps: `
      @0 a0 = vmalloc_huge 0x1000
      @0 vfree a0
      @0 vm_unmap_aliases
      @1 read a0
      @0 a1 = vmalloc_huge 0x1000
      @1 read a1`,
  },
  ...[
    ['a get_user_pages without a reference', 'gup-takes-no-reference', 'GUP-4', 'get_user_pages v0'],
    ['an mprotect that drops a reference', 'mprotect-drops-references', 'MPR-4', 'mprotect v0 none'],
    ['a fork without references', 'fork-takes-no-references', 'FRK-2', 'm0 = fork'],
  ].map(([what, name, clause, step]) => ({
    what: `${what}, noticed when the page of an area was not freed or freed too early`,
    mutant: name,
    symptom: 'SAFE-3',
    clause,
    call: step.replace('m0 = ', '').split(' ')[0],
    steps: `
      @0 a0 = vmalloc_user 0x1000
      @0 v0 = mmap o0 1 plain shared
      @0 remap_vmalloc_range v0 a0 0
      @0 ${step}
      ${step.endsWith('fork') ? '@0 exit m0' : '@0 munmap v0'}
      ${step.endsWith('fork') ? '@0 vfree a0' : ''}
      @0 allocated_pages`,
  })),
];
