import type { Alphabet } from '../tiny.ts';

/** Alphabets of tiny programs on the kernel side. The kernel window has the pages 0x10 to 0x15. */

const READS = 'f0,f1,fault,other';

/** Single pages on two CPUs: lingering translations, flushes, reuse of addresses. */
export const LINGER: Alphabet = {
  names: 3,
  steps: [
    '@0 a$ = vm_map_ram f0',
    '@0 a$ = vm_map_ram f1',
    '@1 vm_unmap_ram a? 1',
    '@0 vm_unmap_aliases',
    '@c? read a?',
  ],
  outcomes: { vm_map_ram: '0x10000', read: READS, '*': 'ok' },
};

/** The same in two address spaces, of which one CPU keeps the translations apart. */
export const LINGER_IN_CHILD: Alphabet = {
  names: 2,
  steps: [
    '@0 m0 = fork',
    '@0 exit m0',
    '@1 a$ = vmap f0',
    '@1 vunmap a?',
    '@0 vm_unmap_aliases',
    '@0 flush_tlb',
    '@0 read a?',
    '@0 read a? in=m0',
  ],
  outcomes: { vmap: '0x10000', read: READS, '*': 'ok' },
};

/** Single pages on two CPUs, where each CPU must flush for itself. */
export const CALLER: Alphabet = {
  names: 3,
  steps: ['@0 a$ = vmap f0', '@0 a$ = vmap f1', '@0 vunmap a?', '@c? flush_tlb', '@c? read a?', '@1 read a?+0x1000'],
  outcomes: { vmap: '0x10000,0x11000', read: READS, '*': 'ok' },
};

/** Areas of the same frames, by the same call and by another one. */
export const SHARED: Alphabet = {
  names: 3,
  steps: [
    '@0 a$ = vmap f0',
    '@0 a$ = vmap f0 f1',
    '@0 a$ = vm_map_ram f0',
    '@0 vunmap a?',
    '@1 vm_unmap_ram a? 1',
    '@1 read a?',
  ],
  outcomes: { vmap: 'null,0x10000,0x12000', vm_map_ram: '0x10000,0x14000', read: READS, '*': 'ok' },
};

/** Single pages, which may lie in a permanent map outside the window. */
export const SINGLE: Alphabet = {
  names: 2,
  steps: [
    '@0 a$ = vmap f0',
    '@0 a$ = vmap f1 flags=put_pages',
    '@0 a$ = vm_map_ram f1 f0',
    '@0 vunmap a?',
    '@0 vfree a?',
    '@0 read a?',
    '@1 read a?+0x1000',
    '@1 write a? 7',
    '@0 is_vmalloc_addr a?',
    '@0 vmalloc_to_page a?',
    '@0 page_count f1',
  ],
  outcomes: {
    vmap: 'null,0x1000,0x2000,0x10000,0x1008',
    vm_map_ram: '0x12000',
    read: 'f0,f1,f0:7,f2,fault,other',
    write: 'f0,f1,fault',
    is_vmalloc_addr: '0,1',
    vmalloc_to_page: 'f0,f1,null',
    page_count: '0,1',
    '*': 'ok',
  },
};

/** Areas of two pages with guard pages, and their neighbours. */
export const GUARDED: Alphabet = {
  names: 2,
  steps: [
    '@0 a$ = vmap f0 f1',
    '@0 a$ = vm_map_ram f2',
    '@0 vunmap a?',
    '@0 vunmap a?+0x1000',
    '@1 vm_unmap_ram a? 1',
    '@0 vm_unmap_aliases',
    '@0 read a?-0x1000',
    '@0 read a?+0x1000',
    '@0 read a?+0x2000',
    '@1 vmalloc_to_page a?+0x2000',
    '@1 vmalloc_to_page a?',
  ],
  outcomes: {
    vmap: 'null,0x10000,0x11000,0x14000',
    vm_map_ram: '0x12000,0x10000,0x15000',
    read: 'f0,f1,f2,a0:0,fault,other',
    vmalloc_to_page: 'f0,f1,f2,null,other',
    vunmap: 'ok,warn "x"',
    '*': 'ok',
  },
};

/** Areas that can be read only, and lists with a NULL pointer. */
export const PROTECTED: Alphabet = {
  names: 2,
  steps: [
    '@0 a$ = vmap f0 flags=read_only',
    '@0 a$ = vmap f1 f0',
    '@0 a$ = vmap f1 flags=null',
    '@0 a$ = vmap f1 flags=null,put_pages',
    '@0 a$ = vmap f0 flags=put_pages,read_only',
    '@0 vunmap a?',
    '@0 vfree a?',
    '@1 vm_unmap_aliases',
    '@1 read a?',
    '@1 write a? 7',
    '@1 read a?+0x1000',
    '@0 page_count f1',
  ],
  outcomes: {
    vmap: 'null,0x10000,0x12000,warn "x"',
    read: 'f0,f1,f0:7,fault,other',
    write: 'f0,f1,fault,other',
    page_count: '0,1',
    '*': 'ok',
  },
};

/** All kernel-side calls, with addresses inside and outside the window, aligned or not. */
export const KERNEL: Alphabet = {
  names: 2,
  steps: [
    '@0 a$ = vmap f0',
    '@0 a$ = vmap',
    '@0 a$ = vmap f0 f0 flags=put_pages',
    '@0 a$ = vm_map_ram',
    '@0 a$ = vm_map_ram f1 f0',
    '@0 a$ = vmalloc 0x1001',
    '@0 a$ = vzalloc 0x1',
    '@0 a$ = vzalloc 0x0',
    '@0 a$ = vmalloc_huge 0x1001',
    '@0 vunmap a?',
    '@0 vunmap null',
    '@0 vunmap hole',
    '@0 vfree a?',
    '@0 vfree null',
    '@0 vfree hole',
    '@0 vm_unmap_ram a? 2',
    '@0 vm_unmap_ram a? 1',
    '@0 vm_unmap_ram null 1',
    '@1 vm_unmap_aliases',
    '@c? read a?',
    '@1 read a?+0x1008',
    '@0 read hole',
    '@0 read null',
    '@1 write a? 7',
    '@0 vmalloc_to_page a?',
    '@0 is_vmalloc_addr a?',
    '@0 is_vmalloc_addr null',
    '@0 page_count f0',
    '@0 page_mapcount f0',
  ],
  outcomes: {
    vmap: 'null,0x10000,0x13000,0x10008,0x8000,0x16000,unsupported,warn "x"',
    vm_map_ram: 'null,0x10000,0x12000,0x15000,warn "x"',
    vmalloc: 'null,0x11000,skipped',
    vzalloc: 'null,0x10000,0x11000 dirty 0,warn "x"',
    vmalloc_huge: 'null,0x10000',
    vunmap: 'ok,fault,warn "x",skipped',
    vfree: 'ok,warn "x",skipped,unsupported',
    vm_unmap_ram: 'ok,timeout,skipped',
    vm_unmap_aliases: 'ok,crash "x"',
    read: 'f0,f1,f0:7,a0:0,a1:1,fault,other,skipped,null',
    write: 'f0,f1,a0:0,a1:0,fault,other,skipped',
    vmalloc_to_page: 'f0,f1,a0:0,null,other,skipped',
    is_vmalloc_addr: '1,0,skipped',
    page_count: '0,1,2,-1',
    page_mapcount: '0,1',
  },
};

/** Kernel calls whose allocations are made to fail. */
export const FAILING: Alphabet = {
  names: 3,
  steps: ['@0 fail_after 0', '@0 a$ = vmap f0', '@0 a$ = vmalloc 0x1000', '@1 a$ = vm_map_ram f1', '@0 read a?'],
  outcomes: {
    vmap: 'null,0x10000,0x13000',
    vmalloc: 'null,0x12000',
    vm_map_ram: 'null,0x15000',
    read: 'f0,a0:0,fault',
    '*': 'ok',
  },
};

/** Areas that a worker frees. */
export const DEFERRED: Alphabet = {
  names: 2,
  steps: [
    '@0 a$ = vmalloc 0x1000',
    '@0 a$ = vmap f0',
    '@0 vfree_atomic a?',
    '@0 vfree_atomic null',
    '@0 vm_unmap_aliases',
    '@c? read a?',
    '@0 read a?+0x1000',
    '@1 write a? 7',
    '@0 vmalloc_to_page a?',
    '@0 find_vm_area a?',
    '@0 allocated_pages',
  ],
  outcomes: {
    vmalloc: 'null,0x10000,0x12000',
    vmap: '0x10000,0x12000',
    read: 'f0,a0:0,a0:0:7,a1:0,fault,other',
    write: 'f0,a0:0,fault,other',
    vmalloc_to_page: 'f0,a0:0,null,other',
    find_vm_area: '1,2,null,other',
    allocated_pages: '0,1,2',
    '*': 'ok',
  },
};

/** Memory whose permissions change, also where a call gets no memory. */
export const PERMISSIONS: Alphabet = {
  names: 1,
  steps: [
    '@0 a$ = vmalloc 0x1001',
    '@0 set_vm_flush_reset_perms a?',
    '@0 set_memory_ro a?',
    '@0 set_memory_rw a?',
    '@0 vfree a?',
    '@0 vm_unmap_aliases',
    '@0 fail_after 0',
    '@1 write a? 7',
    '@1 read a?',
    '@0 read a?+0x1000',
    '@0 vmalloc_to_page a?',
  ],
  outcomes: {
    vmalloc: '0x10000',
    set_memory_ro: '0,-ENOMEM',
    set_memory_rw: '0,-ENOMEM',
    vfree: 'ok,ok readonly 1',
    read: 'a0:0,a0:0:7,a0:1,fault,other',
    write: 'a0:0,fault,other',
    vmalloc_to_page: 'a0:0,null,other',
    '*': 'ok',
  },
};

/** Memory that is given another size. */
export const RESIZED: Alphabet = {
  names: 2,
  steps: [
    '@0 a$ = vmalloc 0x9',
    '@0 a$ = vrealloc a? 0x8',
    '@0 a$ = vrealloc a? 0x1010',
    '@0 a$ = vrealloc a? 0x0',
    '@0 a$ = vrealloc null 0x1000',
    '@0 vfree a?',
    '@0 vm_unmap_aliases',
    '@1 write a? 7',
    '@1 write a?+0x8 7',
    '@0 read a?',
    '@1 read a?+0x8',
    '@0 read a?+0x1000',
    '@0 vmalloc_to_page a?',
    '@0 allocated_pages',
  ],
  outcomes: {
    vmalloc: '0x10000',
    vrealloc: 'null,0x10000,0x12000,0x11000',
    read: 'a0:0,a0:0:7,a1:0,a1:0:7,a1:1,fault,other',
    write: 'a0:0,a1:0,fault',
    vmalloc_to_page: 'a0:0,a1:0,null,other',
    allocated_pages: '0,1,2,3',
    '*': 'ok',
  },
};

/** Descriptors of areas, and what is read through the page tables. */
export const LOOKUPS: Alphabet = {
  names: 2,
  steps: [
    '@0 a$ = vmap f0 f1',
    '@0 a$ = vm_map_ram f0',
    '@0 a$ = vmalloc 0x1000',
    '@0 vunmap a?',
    '@0 vfree a?',
    '@1 vm_unmap_ram a? 1',
    '@0 write a?+0x8 7',
    '@0 reclaim',
    '@0 find_vm_area a?',
    '@1 find_vm_area a?+0x1000',
    '@1 vread a?+0xc',
    '@0 vread a?+0x1000',
  ],
  outcomes: {
    vmap: 'null,0x10000,0x11000',
    vm_map_ram: 'null,0x10000,0x12000',
    vmalloc: 'null,0x10000,0x12000',
    write: 'f0,a0:0,a1:0,fault,other',
    find_vm_area: '0,1,2,null,other',
    vread: 'f0,f0:7,f1,a0:0,a0:0:7,a1:0,null,other',
    '*': 'ok',
  },
};
