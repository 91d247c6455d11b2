import { type Bug, edit, MEMORY, VMALLOC } from '../bug.ts';
import { FREEING } from './kernel-side.ts';

/** Bugs that only overlapping calls show. */
const KERNEL_RACES: readonly Omit<Bug, 'race'>[] = [
  {
    name: 'block-free-without-recheck',
    edit: edit(
      VMALLOC,
      'static void *vb_alloc(',
      'if (vb->free < (1UL << order)) {\n\t\t\tspin_unlock(&vb->lock);\n\t\t\tcontinue;\n\t\t}\n',
      '',
    ),
    calls: ['vm_map_ram'],
  },
  {
    name: 'dirty-before-unmapped',
    edit: edit(
      VMALLOC,
      'static void vb_free(',
      `vunmap_range_noflush(addr, addr + size);

	if (debug_pagealloc_enabled_static())
		flush_tlb_kernel_range(addr, addr + size);

	spin_lock(&vb->lock);

	/* Expand the not yet TLB flushed dirty range */
	vb->dirty_min = min(vb->dirty_min, offset);
	vb->dirty_max = max(vb->dirty_max, offset + (1UL << order));
`,
      `spin_lock(&vb->lock);
	vb->dirty_min = min(vb->dirty_min, offset);
	vb->dirty_max = max(vb->dirty_max, offset + (1UL << order));
	spin_unlock(&vb->lock);
	vunmap_range_noflush(addr, addr + size);
	spin_lock(&vb->lock);
`,
    ),
    calls: ['vm_unmap_ram'],
  },
  {
    name: 'lazy-before-unmapped',
    edit: edit(
      VMALLOC,
      'static void free_unmap_vmap_area(',
      `flush_cache_vunmap(va->va_start, va->va_end);
	vunmap_range_noflush(va->va_start, va->va_end);
	if (debug_pagealloc_enabled_static())
		flush_tlb_kernel_range(va->va_start, va->va_end);

	free_vmap_area_noflush(va);`,
      `unsigned long start = va->va_start, end = va->va_end;

	free_vmap_area_noflush(va);
	vunmap_range_noflush(start, end);`,
    ),
    calls: FREEING,
  },
  {
    name: 'areas-free-before-flush',
    edit: edit(
      VMALLOC,
      'static bool __purge_vmap_area_lazy(',
      'flush_tlb_kernel_range(start, end);',
      'for_each_cpu(i, &purge_nodes)\n\t\t\tpurge_vmap_node(&vmap_nodes[i].purge_work);\n\t\tflush_tlb_kernel_range(start, end);',
    ),
    calls: ['vm_unmap_aliases'],
  },
  {
    name: 'aliases-without-purge-lock',
    edit: edit(
      VMALLOC,
      'static void _vm_unmap_aliases(',
      'LIST_HEAD(purge_list);',
      'LIST_HEAD(purge_list);\n\tDEFINE_MUTEX(vmap_purge_lock);',
    ),
    calls: ['vm_unmap_aliases'],
  },
  {
    name: 'purge-lock-dropped-early',
    edit: edit(
      VMALLOC,
      'static void _vm_unmap_aliases(',
      `if (!__purge_vmap_area_lazy(start, end, false) && flush)
		flush_tlb_kernel_range(start, end);
	mutex_unlock(&vmap_purge_lock);`,
      `flush = !__purge_vmap_area_lazy(start, end, false) && flush;
	mutex_unlock(&vmap_purge_lock);
	if (flush)
		flush_tlb_kernel_range(start, end);`,
    ),
    calls: ['vm_unmap_aliases'],
  },
  {
    name: 'aliases-return-if-busy',
    edit: edit(
      VMALLOC,
      'static void _vm_unmap_aliases(',
      'mutex_lock(&vmap_purge_lock);',
      'if (!mutex_trylock(&vmap_purge_lock))\n\t\treturn;',
    ),
    calls: ['vm_unmap_aliases'],
  },
];

const USER_RACES: readonly Omit<Bug, 'race'>[] = [
  {
    name: 'nested-flush-forgotten',
    edit: edit('mm/mmu_gather.c', 'void tlb_finish_mmu(', 'if (mm_tlb_flush_nested(tlb->mm)) {', 'if (0) {'),
    calls: ['zap_vma_ptes', 'unmap_mapping_range', 'madvise', 'munmap', 'vm_munmap'],
  },
  {
    name: 'munmap-unlinks-before-flush',
    edit: edit(MEMORY, 'void unmap_page_range(', 'tlb_end_vma(tlb, vma);', ''),
    calls: ['munmap', 'vm_munmap'],
    fix: 'b67fbebd4cf9',
  },
  {
    name: 'unmap-range-skips-if-busy',
    edit: edit(
      MEMORY,
      'void unmap_mapping_pages(',
      'i_mmap_lock_read(mapping);',
      'if (!i_mmap_trylock_read(mapping))\n\t\treturn;',
    ),
    calls: ['unmap_mapping_range'],
  },
  {
    name: 'insert-page-without-lock',
    edit: edit(
      MEMORY,
      'static int insert_page(',
      'retval = insert_page_into_pte_locked(vma, pte, addr, page, prot);',
      'spin_unlock(ptl);\n\tretval = insert_page_into_pte_locked(vma, pte, addr, page, prot);\n\tspin_lock(ptl);',
    ),
    calls: ['vm_insert_page', 'vm_map_pages', 'vm_map_pages_zero', 'remap_vmalloc_range'],
  },
];

/** All races, those of kernel areas first. */
export const RACES: readonly Bug[] = [...KERNEL_RACES, ...USER_RACES].map((bug) => ({ ...bug, race: true }));
