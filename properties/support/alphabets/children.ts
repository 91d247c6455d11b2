import type { Alphabet } from '../tiny.ts';

/** Alphabets of tiny programs that fork. The user window has the pages 0x20 to 0x27. */

/** Address spaces of children: VMAs of all kinds that they get, lose and share with their parent. */
export const CHILDREN: Alphabet = {
  names: 1,
  steps: [
    '@0 v$ = mmap o0 1 pfnmap shared remap=f0',
    '@0 v$ = mmap o0 1 mixedmap shared',
    '@0 v$ = mmap o0 1 pfnmap private remap=f0 flags=dontcopy',
    '@0 vm_insert_page v? v? f1',
    '@0 vm_insert_page v? v? f1 in=m0',
    '@1 m0 = fork',
    '@0 exit m0',
    '@0 munmap v?',
    '@0 munmap v? in=m0',
    '@0 zap_vma_ptes v? v? 0x1000',
    '@1 zap_vma_ptes v? v? 0x1000 in=m0',
    '@0 unmap_mapping_range o0 0x0',
    '@0 read v?',
    '@1 read v? in=m0',
    '@1 write v? 7 in=m0',
    '@0 page_count f1',
  ],
  outcomes: {
    mmap: '0x20000,0x22000',
    fork: 'ok,-ENOMEM,-EAGAIN,-EPERM',
    vm_insert_page: '0,-EBUSY',
    zap_vma_ptes: 'ok,0,-1',
    read: 'f0,f1,f0:7,f1:7,fault,other',
    write: 'f0,f1,fault',
    page_count: '0,1,2,-1',
    exit: 'ok,skipped',
    '*': 'ok',
  },
};

/** Forks that may lack memory, with counts and permissions. */
export const FAILED_FORKS: Alphabet = {
  names: 1,
  steps: [
    '@0 v$ = mmap o0 1 mixedmap shared',
    '@0 v$ = mmap o0 1 mixedmap private',
    '@0 vm_insert_page v? v? f1',
    '@0 fail_after 1',
    '@1 m0 = fork',
    '@0 m1 = fork',
    '@0 exit m0',
    '@0 mprotect v? read',
    '@0 mprotect v? write in=m0',
    '@0 break_cow v?',
    '@1 write v? 7',
    '@1 write v? 7 in=m0',
    '@0 page_count f1',
    '@0 page_mapcount f1',
  ],
  outcomes: {
    mmap: '0x20000',
    fork: 'ok,-ENOMEM,-EAGAIN',
    vm_insert_page: '0,-ENOMEM',
    mprotect: '0,skipped',
    break_cow: 'ok,fault',
    write: 'f1,v0:0,fault,skipped',
    page_count: '0,1,2',
    page_mapcount: '0,1,2',
    exit: 'ok,skipped',
    '*': 'ok',
  },
};
