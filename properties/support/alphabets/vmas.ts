import type { Alphabet } from '../tiny.ts';

/** Alphabets of tiny programs that change VMAs themselves, or name pages at their borders. The user window has the pages 0x20 to 0x27. */

/** Calls on a VMA with addresses of another: of a neighbour, of a VMA that was never made, of an old VMA at the same place. */
export const BORDERS: Alphabet = {
  names: 2,
  steps: [
    '@0 v$ = mmap o0 1 pfnmap shared',
    '@0 v$ = mmap o0 1 pfnmap shared after=v0',
    '@0 munmap v?',
    '@0 remap_pfn_range v? v? f0 0x1000',
    '@0 vmf_insert_pfn v? w? f1',
    '@0 zap_vma_ptes v? w? 0x1000',
    '@0 zap_vma_ptes v? w?-0x1000 0x1000',
    '@1 read v?',
  ],
  outcomes: {
    mmap: '0x20000,0x21000,-ENOMEM',
    remap_pfn_range: '0,-ENOMEM',
    vmf_insert_pfn: 'NOPAGE,SIGBUS,OOM,skipped',
    zap_vma_ptes: '0,-1,skipped',
    read: 'f0,f1,fault,other,skipped',
    '*': 'ok,skipped',
  },
};

/** The same with counted pages. */
export const COUNTED_BORDERS: Alphabet = {
  ...BORDERS,
  steps: [
    '@0 v$ = mmap o0 1 plain shared',
    '@0 v$ = mmap o0 1 pfnmap shared',
    '@0 munmap v?',
    '@0 vm_insert_page v? w? f1',
    '@0 vm_insert_pages v? w? f1',
    '@0 remap_pfn_range v? v? f0 0x1000',
    '@0 zap_vma_ptes v? v? 0x1000',
    '@0 page_count f1',
  ],
  outcomes: {
    ...BORDERS.outcomes,
    vm_insert_page: '0,-ENOMEM,-EBUSY,-EFAULT,skipped',
    vm_insert_pages: '0,-ENOMEM left 1,-EBUSY left 1,-EFAULT left 1,skipped',
    page_count: '0,1',
  },
};

/** Neighbouring VMAs that lose pages, and what is left of them. */
export const CUT: Alphabet = {
  names: 2,
  steps: [
    '@0 v$ = mmap o0 2 mixedmap shared',
    '@0 v$ = mmap o0 2 pfnmap private remap=f0',
    '@0 v$ = mmap o0 1 pfnmap shared remap=f1 after=v?',
    '@0 vm_insert_page v? v? f0',
    '@0 vm_insert_page v? v?+0x1000 f1',
    '@0 vm_munmap v? v?+0x1000',
    '@0 vm_munmap v?+0x1000 v?+0x2000',
    '@0 vm_munmap v0+0x1000 v1+0x1000',
    '@0 vm_munmap v? v?',
    '@0 munmap v?',
    '@0 unmap_mapping_range o0+0x1000 0x1000',
    '@1 read v?',
    '@1 read v?+0x1000',
    '@0 page_count f0',
  ],
  outcomes: {
    mmap: '0x20000,0x21000,0x22000,-ENOMEM',
    vm_insert_page: '0,-EBUSY',
    vm_munmap: '0,-EINVAL,-ENOMEM',
    read: 'f0,f1,fault,other',
    page_count: '0,1',
    '*': 'ok',
  },
};

/** VMAs that are moved and shrunk, and what is at their old addresses. */
export const MOVE: Alphabet = {
  names: 2,
  steps: [
    '@0 v$ = mmap o0 2 mixedmap shared',
    '@0 v$ = mmap o0 2 pfnmap private remap=f0',
    '@0 v$ = mmap o0 1 pfnmap shared remap=f1 after=v?',
    '@0 vm_insert_page v? v?+0x1000 f1',
    '@0 v$ = mremap v? 2',
    '@0 v$ = mremap v? 1',
    '@0 v$ = mremap v? 2 flags=dontunmap',
    '@0 munmap v?',
    '@0 break_cow v?',
    '@0 unmap_mapping_range o0+0x1000 0x1000',
    '@1 read v?',
    '@1 read v?+0x1000',
    '@0 page_count f1',
  ],
  outcomes: {
    mmap: '0x20000,0x22000,-ENOMEM',
    vm_insert_page: '0,-EBUSY',
    mremap: '0x20000,0x22000,-EINVAL,-EFAULT,-ENOMEM',
    break_cow: 'ok,fault',
    read: 'f0,f1,v0:0,v1:0,fault,other',
    page_count: '0,1',
    '*': 'ok',
  },
};

/** The counts of pages in VMAs that are moved, shrunk and cut. */
export const MOVE_COUNTED: Alphabet = {
  names: 2,
  steps: [
    '@0 v$ = mmap o0 2 mixedmap shared',
    '@0 vm_insert_page v? v?+0x1000 f1',
    '@0 v$ = mremap v? 2',
    '@0 v$ = mremap v? 1',
    '@0 vm_munmap v?+0x1000 v?+0x2000',
    '@0 munmap v?',
    '@0 page_count f1',
  ],
  outcomes: {
    mmap: '0x20000,0x22000',
    vm_insert_page: '0,-EBUSY',
    vm_munmap: '0',
    mremap: '0x20000,0x22000,-EFAULT',
    page_count: '0,1',
    '*': 'ok',
  },
};

/** Shared VMAs whose permissions change, filled before and after. */
export const PROTECT: Alphabet = {
  names: 2,
  steps: [
    '@0 v$ = mmap o0 1 mixedmap shared',
    '@0 v$ = mmap o0 1 pfnmap shared remap=f0',
    '@0 vm_insert_page v? v? f1',
    '@0 v$ = mremap v? 1',
    '@0 mprotect v? none',
    '@0 mprotect v? read',
    '@0 mprotect v? write',
    '@0 unmap_mapping_range o0 0x1000',
    '@1 read v?',
    '@1 write v? 7',
    '@0 page_count f1',
  ],
  outcomes: {
    mmap: '0x20000',
    mremap: '0x22000',
    vm_insert_page: '0,-EBUSY',
    mprotect: '0,-ENOMEM',
    read: 'f0,f1,f1:7,fault,other',
    write: 'f0,f1,fault,other',
    page_count: '0,1',
    '*': 'ok',
  },
};
