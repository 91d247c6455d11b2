import type { Alphabet } from '../tiny.ts';

/** Alphabets of tiny programs on sparse areas. The kernel window has the pages 0x10 to 0x15. */

/** Sparse areas, of which pages are mapped and unmapped alone. */
export const SPARSE: Alphabet = {
  names: 2,
  steps: [
    '@0 a$ = get_vm_area 0x1001',
    '@0 a$ = vmap f2 f2',
    '@0 vm_area_map_pages a? a? f0',
    '@0 vm_area_map_pages a? a?+0x1000 f1',
    '@0 vm_area_map_pages a? a? f1 f0',
    '@0 vm_area_map_pages a? a?+0x1000 f1 f0',
    '@1 vm_area_unmap_pages a? a? 0x1000',
    '@0 vm_area_unmap_pages a? a?-0x1000 0x2000',
    '@0 vm_area_unmap_pages a? a? 0x2000',
    '@0 free_vm_area a?',
    '@0 vunmap a?',
    '@c? read a?',
    '@0 read a?+0x1000',
    '@0 read a?+0x2000',
    '@1 write a? 7',
    '@0 vmalloc_to_page a?',
  ],
  outcomes: {
    get_vm_area: 'null,0x10000,0x12000',
    vmap: '0x10000,0x11000',
    vm_area_map_pages: '0,-ENOMEM,-ERANGE',
    read: 'f0,f1,f2,f0:7,fault,other',
    write: 'f0,f1,fault,other',
    vmalloc_to_page: 'f0,f1,null,other',
    '*': 'ok',
  },
};

/** What look-ups, counts and flushes tell of sparse areas. */
export const SPARSE_LOOKUPS: Alphabet = {
  names: 2,
  steps: [
    '@0 a$ = get_vm_area 0x1000',
    '@0 a$ = get_vm_area 0x0',
    '@0 vm_area_map_pages a? a? f0',
    '@0 vm_area_map_pages a? a? f1 f0',
    '@1 vm_area_unmap_pages a? a? 0x1000',
    '@0 free_vm_area a?',
    '@0 vm_unmap_aliases',
    '@c? read a?',
    '@0 vread a?',
    '@0 find_vm_area a?',
    '@0 page_count f0',
  ],
  outcomes: {
    get_vm_area: 'null,0x10000',
    vm_area_map_pages: '0,-ENOMEM,-ERANGE,-EINVAL',
    read: 'f0,f1,fault,other',
    vread: 'f0,f1,null,other',
    find_vm_area: '1,2,null,other',
    page_count: '0,1',
    '*': 'ok',
  },
};

/** `apply_to_page_range` in sparse areas, next to pages that other calls have mapped, or may have mapped. */
export const APPLIED: Alphabet = {
  names: 1,
  steps: [
    '@0 a$ = get_vm_area 0x2000',
    '@0 apply_to_page_range a? a? f0 f1',
    '@0 apply_to_page_range a? a?+0x1000 f1',
    '@0 apply_to_page_range a? a?+0x1000',
    '@0 vm_area_map_pages a? a? f2 f2',
    '@0 vm_area_map_pages a? a?+0x1000 f2',
    '@1 vm_area_unmap_pages a? a? 0x1000',
    '@0 free_vm_area a?',
    '@c? read a?',
    '@0 read a?+0x1000',
    '@0 vmalloc_to_page a?',
    '@0 page_count f1',
  ],
  outcomes: {
    get_vm_area: 'null,0x10000',
    apply_to_page_range:
      '0,-EBUSY left 0,-EBUSY left 1,-EBUSY left 2,-EBUSY left 3,-ENOMEM left 1,-ENOMEM left 2,-EINVAL left 0,-EFAULT left 1',
    vm_area_map_pages: '0,-ENOMEM',
    read: 'f0,f1,f2,fault,other',
    vmalloc_to_page: 'f0,f1,null,other',
    page_count: '0,1',
    '*': 'ok',
  },
};

/** `apply_to_existing_page_range` in sparse areas, on pages that are mapped, may be mapped, or are not mapped. */
export const APPLIED_TO_EXISTING: Alphabet = {
  names: 1,
  steps: [
    '@0 a$ = get_vm_area 0x2000',
    '@0 vm_area_map_pages a? a? f0 f1',
    '@0 vm_area_map_pages a? a?+0x1000 f0',
    '@0 apply_to_existing_page_range a? a? f0 0x2000',
    '@0 apply_to_existing_page_range a? a? f1 0x2000',
    '@1 apply_to_existing_page_range a? a?+0x1000 f2 0x1000',
    '@0 apply_to_existing_page_range a? a? f0 0x0',
    '@0 free_vm_area a?',
    '@c? read a?',
    '@0 read a?+0x1000',
    '@0 vmalloc_to_page a?+0x1000',
    '@0 page_count f1',
  ],
  outcomes: {
    get_vm_area: 'null,0x10000',
    apply_to_existing_page_range:
      '0,-EBUSY left 0,-EBUSY left 1,-EBUSY left 2,-EBUSY left 3,-ENXIO left 1,-ENOMEM left 1,-EINVAL left 0',
    vm_area_map_pages: '0,-ENOMEM',
    read: 'f0,f1,fault,other',
    vmalloc_to_page: 'f0,f1,null,other',
    page_count: '0,1',
    '*': 'ok',
  },
};
