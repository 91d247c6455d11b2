import type { Alphabet } from '../tiny.ts';

/** Alphabets of tiny programs that fill and empty VMAs. The kernel window has the pages 0x10 to 0x15, the user window 0x20 to 0x27. */

/** User pages that are filled and emptied where each CPU must flush for itself. */
export const CALLER_USER: Alphabet = {
  names: 2,
  steps: [
    '@0 v$ = mmap o0 1 pfnmap shared',
    '@0 v$ = mmap o0 1 plain private',
    '@0 vmf_insert_pfn v? v? f0',
    '@0 vmf_insert_pfn v? v? f1',
    '@0 vm_insert_page v? v? f1',
    '@0 zap_vma_ptes v? v? 0x1000',
    '@0 munmap v?',
    '@c? flush_tlb',
    '@c? read v?',
    '@1 write v? 7',
  ],
  outcomes: {
    mmap: '0x20000',
    vmf_insert_pfn: 'NOPAGE',
    vm_insert_page: '0,-EBUSY',
    zap_vma_ptes: '0,-1',
    read: 'f0,f1,f1:7,fault,other',
    write: 'f0,f1,fault,other',
    '*': 'ok',
  },
};

/** VMAs that map frames by number: filled, zapped, filled again, unmapped; and their neighbours. */
export const PFNMAP: Alphabet = {
  names: 2,
  steps: [
    '@0 v$ = mmap o0 2 pfnmap shared',
    '@0 v$ = mmap o0 1 plain shared',
    '@0 v$ = mmap o0+0x1000 1 pfnmap shared after=v0',
    '@0 munmap v?',
    '@0 remap_pfn_range v? v? f0 0x2000',
    '@0 remap_pfn_range v? v? f1 0x1000',
    '@0 vmf_insert_pfn v? v?+0x1000 f2',
    '@0 zap_vma_ptes v? v? 0x1000',
    '@0 zap_vma_ptes v? v? 0x2000',
    '@0 zap_vma_ptes v? w?+0x1000 0x1000',
    '@0 zap_vma_ptes v? v? 0x0',
    '@1 follow_pfn v? w?',
    '@1 read v?',
    '@1 read v?+0x1000',
    '@0 unmap_mapping_range o0 0x1000',
    '@0 unmap_mapping_range o0+0x1000 0x0 flags=even_cows',
    '@0 page_count f0',
  ],
  outcomes: {
    mmap: '0x20000,0x22000,0x24000,-ENOMEM,-EEXIST,-EINVAL',
    remap_pfn_range: '0,-ENOMEM,-EINVAL,1',
    vmf_insert_pfn: 'NOPAGE,SIGBUS,OOM',
    zap_vma_ptes: '0,-1,-EINVAL,ok',
    follow_pfn: 'f0,f1,f2,-EINVAL,-EFAULT,skipped',
    read: 'f0,f1,f2,fault,other,skipped',
    page_count: '0,1',
    '*': 'ok,skipped',
  },
};

/** VMAs with counted pages and private copies, and the calls that unmap them. */
export const COUNTED: Alphabet = {
  names: 2,
  steps: [
    '@0 v$ = mmap o0 2 mixedmap shared',
    '@0 v$ = mmap o0 1 plain private',
    '@0 v$ = mmap o0 2 pfnmap private remap=f0',
    '@0 munmap v?',
    '@0 vm_insert_page v? v? f0',
    '@0 vm_insert_page v? v?+0x1000 f1',
    '@0 vm_insert_pages v? v? f0 f2',
    '@0 vm_insert_pages v? v?+0x1000',
    '@0 vm_map_pages_zero v? f1 f0',
    '@0 zap_vma_ptes v? v? 0x1000',
    '@0 break_cow v?',
    '@1 follow_pfn v? v?',
    '@1 read v?',
    '@0 write v? 5',
    '@0 unmap_mapping_range o0 0x1000',
    '@0 unmap_mapping_range o0+0x800 0x801 flags=even_cows',
    '@0 unmap_mapping_range o0 0x0',
    '@0 unmap_mapping_range o1 0x0 flags=even_cows',
    '@0 page_count f0',
    '@0 page_mapcount f0',
  ],
  outcomes: {
    mmap: '0x20000,0x22000,-EAGAIN,-EPERM',
    vm_insert_page: '0,-ENOMEM,-EBUSY,-EFAULT',
    vm_insert_pages: '0,-ENOMEM left 0,-ENOMEM left 1,-EBUSY left 1,-EBUSY left 2,-EFAULT left 0,-EFAULT left 2',
    vm_map_pages_zero: '0,-EBUSY,-ENXIO,-EFAULT',
    zap_vma_ptes: '0,-1,ok',
    break_cow: 'ok,fault,other',
    follow_pfn: 'f0,v0:0,v1:0,other,-EINVAL',
    read: 'f0,f1,f0:5,v0:0,v0:0:5,v1:0,fault,other',
    write: 'f0,v0:0,v1:0,fault,other',
    page_count: '0,1,2,-1',
    page_mapcount: '0,1',
    '*': 'ok',
  },
};

/** Lists of pages mapped in a whole VMA. No counts: a call that runs out of memory does not tell which it changed. */
export const WHOLE: Alphabet = {
  names: 1,
  steps: [
    '@0 v$ = mmap o0 2 plain shared',
    '@0 v$ = mmap o0+0x1000 1 mixedmap shared',
    '@0 vm_insert_page v? v? f0',
    '@0 vm_insert_page v? v?+0x1000 f2',
    '@0 vm_map_pages v? f0 f1',
    '@0 vm_map_pages v? f2',
    '@0 vm_map_pages_zero v? f1 f0',
    '@0 vm_map_pages_zero v?',
    '@0 zap_vma_ptes v? v? 0x1000',
    '@0 unmap_mapping_range o0+0x1000 0x1000',
    '@1 read v?',
    '@1 read v?+0x1000',
  ],
  outcomes: {
    mmap: '0x20000',
    vm_insert_page: '0,-ENOMEM,-EBUSY,-EFAULT',
    vm_map_pages: '0,-ENXIO,-EBUSY,-ENOMEM,-EFAULT,1',
    vm_map_pages_zero: '0,-ENXIO,-EBUSY,-ENOMEM',
    zap_vma_ptes: '0,ok',
    read: 'f0,f1,f2,fault,other',
    '*': 'ok',
  },
};

/** Memory for user space, mapped in VMAs, and freed. */
export const USERMAP: Alphabet = {
  names: 2,
  steps: [
    '@0 a$ = vmalloc_user 0x2000',
    '@0 a$ = vmalloc 0x1000',
    '@0 v$ = mmap o0 1 plain private',
    '@0 v$ = mmap o0 2 mixedmap shared',
    '@0 remap_vmalloc_range v? a? 0',
    '@0 remap_vmalloc_range v? a? 1',
    '@0 vm_insert_page v? v? a?:0',
    '@0 vm_insert_page v? v? f0',
    '@0 vfree a?',
    '@0 break_cow v?',
    '@1 read v?',
    '@1 read a?+0x1000',
    '@0 write v? 5',
    '@0 unmap_mapping_range o0 0x0',
  ],
  outcomes: {
    vmalloc_user: 'null,0x10000,0x10000 dirty 1',
    vmalloc: '0x13000',
    mmap: '0x20000,0x22000',
    remap_vmalloc_range: '0,-EINVAL,-EBUSY,-ENXIO',
    vm_insert_page: '0,-EBUSY',
    break_cow: 'ok,fault',
    read: 'f0,a0:0,a0:1,a0:1:5,a1:0,v0:0,fault,other,skipped',
    write: 'f0,a0:0,a0:1,v0:0,fault,skipped',
    '*': 'ok,skipped',
  },
};

/** Memory that calls allocate and free: that of areas, also where VMAs map it, and private copies. */
export const ALLOCATED: Alphabet = {
  names: 2,
  steps: [
    '@0 a$ = vmalloc_user 0x2000',
    '@0 a$ = vmap f0',
    '@0 vfree a?',
    '@0 vm_unmap_aliases',
    '@0 v$ = mmap o0 1 plain private',
    '@0 v$ = mmap o0 1 pfnmap private remap=f0',
    '@0 remap_vmalloc_range v? a? 1',
    '@0 break_cow v?',
    '@0 munmap v?',
    '@0 allocated_pages',
  ],
  outcomes: {
    vmalloc_user: 'null,0x10000,0x13000',
    vmap: '0x16000',
    mmap: '0x20000',
    remap_vmalloc_range: '0',
    break_cow: 'ok,fault',
    allocated_pages: '-1,0,1,2,3,4,5',
    '*': 'ok',
  },
};

/** Pages that are given up with madvise, in VMAs of every kind, also of one that is not known. */
export const DISCARD: Alphabet = {
  names: 1,
  steps: [
    '@0 v$ = mmap o0 2 plain shared',
    '@0 v$ = mmap o0 1 plain private',
    '@0 v$ = mmap o0 1 pfnmap private remap=f0',
    '@0 vm_insert_page v? v? f0',
    '@0 vm_insert_page v? v?+0x1000 f1',
    '@0 remap_pfn_range v? v? f0 0x1000',
    '@0 break_cow v?',
    '@0 madvise v? v? 0x1000 dontneed',
    '@0 madvise v? v?+0x1000 0x1000 dontneed',
    '@0 madvise v? v? 0x0 dontneed',
    '@0 madvise v? v? 0x1000 pageout',
    '@1 read v?',
    '@1 read v?+0x1000',
    '@0 page_count f0',
  ],
  outcomes: {
    mmap: '0x20000',
    vm_insert_page: '0,-ENOMEM,-EBUSY,-EFAULT',
    remap_pfn_range: '0,-ENOMEM',
    break_cow: 'ok,fault',
    madvise: '0,-EINVAL,-EAGAIN',
    read: 'f0,f1,v0:0,fault,other',
    page_count: '0,1,-1',
    '*': 'ok',
  },
};

/** User calls whose allocations are made to fail. */
export const FAILING_USER: Alphabet = {
  names: 1,
  steps: [
    '@0 fail_after 0',
    '@0 v$ = mmap o0 2 plain private',
    '@0 v$ = mmap o0 1 pfnmap shared',
    '@0 vm_insert_page v? v? f0',
    '@0 vm_insert_pages v? v? f0 f1',
    '@0 vm_map_pages_zero v? f1 f0',
    '@0 remap_pfn_range v? v? f0 0x1000',
    '@0 vmf_insert_pfn v? v? f2',
    '@0 break_cow v?',
    '@0 page_count f0',
  ],
  outcomes: {
    mmap: '0x20000,-ENOMEM',
    vm_insert_page: '0,-ENOMEM,-EBUSY,-EFAULT',
    vm_insert_pages: '0,-ENOMEM left 1,-EFAULT left 2,-EFAULT left 1,-EBUSY left 2',
    vm_map_pages_zero: '0,-EBUSY,-EFAULT',
    remap_pfn_range: '0,-ENOMEM',
    vmf_insert_pfn: 'NOPAGE,OOM',
    break_cow: 'ok,fault',
    page_count: '0,1',
    '*': 'ok',
  },
};

/** Pages that are looked up: what their entries say, and which of them get_user_pages finds. */
export const FOLLOWED: Alphabet = {
  names: 2,
  steps: [
    '@0 v$ = mmap o0 2 pfnmap shared remap=f0',
    '@0 v$ = mmap o0 1 pfnmap private remap=f0',
    '@0 v$ = mmap o0 1 mixedmap private',
    '@0 v$ = mmap o0 1 plain shared',
    '@0 vm_insert_page v? v? f1',
    '@0 zap_vma_ptes v? v? 0x1000',
    '@0 break_cow v?',
    '@0 mprotect v? none',
    '@0 mprotect v? read',
    '@0 follow_pfnmap_start v? v? writable',
    '@1 follow_pfnmap_start v? v? special',
    '@1 get_user_pages v?',
    '@0 get_user_pages v?+0x1000',
    '@0 page_count f1',
  ],
  outcomes: {
    mmap: '0x20000,0x22000,-ENOMEM',
    vm_insert_page: '0,-ENOMEM,-EBUSY',
    zap_vma_ptes: '0,-1,ok',
    break_cow: 'ok,fault',
    mprotect: '0',
    follow_pfnmap_start: '0,1,2,-EINVAL,-EFAULT',
    get_user_pages: 'f0,f1,v0:0,v1:0,other,-EFAULT,-EINVAL,-ENOMEM',
    page_count: '0,1,-1',
    '*': 'ok',
  },
};

/** Frames that fault handlers insert by number, beside pages that are counted. */
export const HANDLED: Alphabet = {
  names: 2,
  steps: [
    '@0 v$ = mmap o0 1 mixedmap shared',
    '@0 v$ = mmap o0 2 mixedmap private',
    '@0 v$ = mmap o0 1 pfnmap shared',
    '@0 vmf_insert_mixed v? v? f0',
    '@0 vmf_insert_mixed v? w?+0x1000 f1',
    '@1 fault v? f1',
    '@0 fault v?+0x1000 f0',
    '@0 vm_insert_page v? v? f1',
    '@0 zap_vma_ptes v? v? 0x1000',
    '@0 madvise v? v? 0x1000 dontneed',
    '@0 mprotect v? none',
    '@0 break_cow v?',
    '@0 get_user_pages v?',
    '@1 write v? 7',
    '@0 read v?',
    '@0 page_count f1',
  ],
  outcomes: {
    mmap: '0x20000,0x22000',
    vmf_insert_mixed: 'NOPAGE,SIGBUS,OOM',
    fault: 'f0,f1,f1:7,v0:0,v1:0,fault,other',
    vm_insert_page: '0,-EBUSY',
    zap_vma_ptes: 'ok,0',
    madvise: '0,-EINVAL',
    mprotect: '0',
    break_cow: 'ok,fault',
    get_user_pages: 'f0,f1,v0:0,v1:0,-EEXIST,-EFAULT',
    write: 'f0,f1,v0:0,v1:0,fault',
    read: 'f0,f1,f0:7,f1:7,v0:0,v1:0,fault',
    page_count: '0,1',
    '*': 'ok',
  },
};
