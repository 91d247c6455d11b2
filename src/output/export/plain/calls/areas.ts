import { hex, nameOf } from '../../c/text.ts';
import { at, ending, type PlainCalls } from './call.ts';

/** Calls that map and unmap kernel areas. */

/** A number of bytes in pages, rounded up; the page size is that of the implementation. */
const inPages = (bytes: number): string => `(${hex(bytes)} + PAGE_SIZE - 1) / PAGE_SIZE`;

export const AREA_CALLS = {
  vmap: {
    prototype: `/* Returns the address, 0 for NULL. put_pages: VM_MAP_PUT_PAGES, the call takes over one reference of each frame. */
uint64_t mm_vmap(unsigned int cpu, const unsigned int *frames, unsigned int n, bool put_pages);
/* The same with PAGE_KERNEL_RO, or with a NULL pointer after the frames. */
uint64_t mm_vmap_with(unsigned int cpu, const unsigned int *frames, unsigned int n, bool put_pages, bool read_only, bool null);`,
    write({ cpu, binds, args: [frames, flags] }, lists) {
      const put = flags?.includes('put_pages') ?? false;
      const others = ['read_only', 'null'].map((flag) => flags?.includes(flag) ?? false);
      if (others.includes(true))
        return `bind(&a[${binds}], mm_vmap_with(${cpu}, ${lists.name(frames)}, ${frames.length}, ${put}, ${others.join(', ')}), ${frames.length}, o);`;
      return `bind(&a[${binds}], mm_vmap(${cpu}, ${lists.name(frames)}, ${frames.length}, ${put}), ${frames.length}, o);`;
    },
  },
  vunmap: {
    prototype: 'void mm_vunmap(unsigned int cpu, uint64_t addr);',
    write: (step) => ending('mm_vunmap', step),
  },
  vm_map_ram: {
    prototype: 'uint64_t mm_vm_map_ram(unsigned int cpu, const unsigned int *frames, unsigned int n);',
    write: ({ cpu, binds, args: [frames] }, lists) =>
      `bind(&a[${binds}], mm_vm_map_ram(${cpu}, ${lists.name(frames)}, ${frames.length}), ${frames.length}, o);`,
  },
  vm_unmap_ram: {
    prototype: 'void mm_vm_unmap_ram(unsigned int cpu, uint64_t addr, unsigned int n);',
    write: (step) => ending('mm_vm_unmap_ram', step, step.args[1]),
  },
  vm_unmap_aliases: {
    prototype: 'void mm_vm_unmap_aliases(unsigned int cpu);',
    write: ({ cpu }) => `mm_vm_unmap_aliases(${cpu});\n\to->kind = OK;`,
  },
  reclaim: {
    prototype: '/* Memory is short: give back what is only kept for later. */\nvoid mm_reclaim(unsigned int cpu);',
    write: ({ cpu }) => `mm_reclaim(${cpu});\n\to->kind = OK;`,
  },
  vmalloc: {
    prototype: `/* The words of the memory say: page i of area "name" (MM_AREA_PAGE). */
uint64_t mm_vmalloc(unsigned int cpu, unsigned int name, uint64_t bytes);`,
    write: ({ cpu, binds, args: [bytes] }) =>
      `bind(&a[${binds}], mm_vmalloc(${cpu}, ${binds}, ${hex(bytes)}), ${inPages(bytes)}, o);`,
  },
  vzalloc: {
    prototype: `/* The same; sets *dirty if the memory was not all zero before its words were written. */
uint64_t mm_vzalloc(unsigned int cpu, unsigned int name, uint64_t bytes, bool *dirty);`,
    write: ({ cpu, binds, args: [bytes] }) => `bool dirty = false;

	bind(&a[${binds}], mm_vzalloc(${cpu}, ${binds}, ${hex(bytes)}, &dirty), ${inPages(bytes)}, o);
	o->value = dirty;`,
  },
  vmalloc_user: {
    prototype: `/* The same as mm_vzalloc, for memory that user VMAs may map. */
uint64_t mm_vmalloc_user(unsigned int cpu, unsigned int name, uint64_t bytes, bool *dirty);`,
    write: ({ cpu, binds, args: [bytes] }) => `bool dirty = false;

	bind(&a[${binds}], mm_vmalloc_user(${cpu}, ${binds}, ${hex(bytes)}, &dirty), ${inPages(bytes)}, o);
	o->value = dirty;`,
  },
  vmalloc_huge: {
    prototype: `/* The same as mm_vmalloc; huge pages may map the memory. */
uint64_t mm_vmalloc_huge(unsigned int cpu, unsigned int name, uint64_t bytes);`,
    write: ({ cpu, binds, args: [bytes] }) =>
      `bind(&a[${binds}], mm_vmalloc_huge(${cpu}, ${binds}, ${hex(bytes)}), ${inPages(bytes)}, o);`,
  },
  vfree: {
    prototype: 'void mm_vfree(unsigned int cpu, uint64_t addr);',
    write: (step) => ending('mm_vfree', step),
  },
  vrealloc: {
    prototype: `/*
 * addr: the first address of memory of mm_vmalloc and its like, or 0. Returns the address, 0 for NULL. The words of the memory
 * say: page i of area "name". Those in the first bytes, up to the smaller of the old and the new size, keep their values.
 */
uint64_t mm_vrealloc(unsigned int cpu, unsigned int name, uint64_t addr, uint64_t bytes);`,
    write({ cpu, binds, args: [area, bytes] }) {
      const call = `bind(&a[${binds}], mm_vrealloc(${cpu}, ${binds}, ${at(area)}, ${hex(bytes)}), ${inPages(bytes)}, o);`;
      const ended = `(${nameOf(area)})->live = false;`;
      // Without an address the area stays, unless the call frees it.
      return bytes === 0 ? `${call}\n\t${ended}` : `${call}\n\tif (a[${binds}].bound)\n\t\t${ended}`;
    },
  },
  vfree_atomic: {
    prototype: '/* Frees the area some time later. */\nvoid mm_vfree_atomic(unsigned int cpu, uint64_t addr);',
    write: (step) => ending('mm_vfree_atomic', step),
  },
  get_vm_area: {
    prototype: `/* Reserves an area in which nothing is mapped (VM_SPARSE). */
uint64_t mm_get_vm_area(unsigned int cpu, uint64_t bytes);`,
    write: ({ cpu, binds, args: [bytes] }) =>
      `bind(&a[${binds}], mm_get_vm_area(${cpu}, ${hex(bytes)}), ${inPages(bytes)}, o);`,
  },
  free_vm_area: {
    prototype: 'void mm_free_vm_area(unsigned int cpu, uint64_t addr);',
    write: (step) => ending('mm_free_vm_area', step),
  },
  vm_area_map_pages: {
    prototype: `/* area: the first address of an area of mm_get_vm_area. Returns 0 or a negative errno. */
int mm_vm_area_map_pages(unsigned int cpu, uint64_t area, uint64_t start, const unsigned int *frames, unsigned long n);`,
    write: ({ cpu, args: [area, start, frames] }, lists) =>
      `answer_errno(o, mm_vm_area_map_pages(${cpu}, ${at(area)}, ${at(start)}, ${lists.name(frames)}, ${frames.length}));`,
  },
  apply_to_page_range: {
    prototype: `/*
 * Calls a function for each page from start on, which maps the next frame, or returns -EBUSY at a page that is mapped.
 * left: the number of frames, which becomes the number of those that the function has not mapped.
 */
int mm_apply_to_page_range(unsigned int cpu, uint64_t start, const unsigned int *frames, unsigned long *left);`,
    write: ({ cpu, args: [, start, frames] }, lists) => `o->left = ${frames.length};
	answer_errno(o, mm_apply_to_page_range(${cpu}, ${at(start)}, ${lists.name(frames)}, &o->left));`,
  },
  apply_to_existing_page_range: {
    prototype: `/*
 * Calls a function for each page of a range that is mapped, and then flushes the range. The function unmaps the page, or
 * returns -EBUSY where the frame is mapped. left: becomes the number of pages from this one on to the end of the range.
 */
int mm_apply_to_existing_page_range(unsigned int cpu, uint64_t start, unsigned int frame, uint64_t size,
				    unsigned long *left);`,
    write: ({ cpu, args: [, start, frame, bytes] }) =>
      `answer_errno(o, mm_apply_to_existing_page_range(${cpu}, ${at(start)}, ${frame}, ${hex(bytes)}, &o->left));`,
  },
  vm_area_unmap_pages: {
    prototype: 'void mm_vm_area_unmap_pages(unsigned int cpu, uint64_t area, uint64_t start, uint64_t size);',
    write: ({ cpu, args: [area, start, bytes] }) =>
      `mm_vm_area_unmap_pages(${cpu}, ${at(area)}, ${at(start)}, ${hex(bytes)});\n\to->kind = OK;`,
  },
} satisfies Partial<PlainCalls>;
