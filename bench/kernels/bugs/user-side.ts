import { type Bug, edit, MEMORY, VMALLOC } from '../bug.ts';

/** Bugs of VMAs that programs without lanes show. */
export const USER_SIDE: readonly Bug[] = [
  {
    name: 'zap-one-page-less',
    edit: edit(
      MEMORY,
      'void zap_vma_ptes(',
      'zap_page_range_single(vma, address, size, NULL);',
      'zap_page_range_single(vma, address, size > PAGE_SIZE ? size - PAGE_SIZE : size, NULL);',
    ),
    calls: ['zap_vma_ptes'],
  },
  {
    name: 'zap-clears-mixed-maps',
    edit: edit(MEMORY, 'void zap_vma_ptes(', 'vm_flags & VM_PFNMAP)', 'vm_flags & (VM_PFNMAP | VM_MIXEDMAP))'),
    calls: ['zap_vma_ptes'],
  },
  {
    name: 'insert-page-without-reference',
    edit: edit(
      MEMORY,
      'static int insert_page_into_pte_locked(',
      'folio_get(folio);',
      'if (folio_ref_count(folio) < 2)\n\t\t\tfolio_get(folio);',
    ),
    calls: ['vm_insert_page', 'vm_insert_pages', 'vm_map_pages', 'vm_map_pages_zero'],
  },
  {
    name: 'insert-page-replaces',
    edit: edit(
      MEMORY,
      'static int insert_page_into_pte_locked(',
      'if (!pte_none(ptep_get(pte)))\n\t\treturn -EBUSY;\n',
      '',
    ),
    calls: ['vm_insert_page', 'vm_insert_pages', 'vm_map_pages', 'vm_map_pages_zero'],
  },
  {
    name: 'insert-pages-counts-wrong',
    edit: edit(MEMORY, 'static int insert_pages(', 'remaining_pages_total -= pte_idx;', ';'),
    calls: ['vm_insert_pages'],
  },
  {
    name: 'map-pages-ignores-offset',
    edit: edit(MEMORY, 'static int __vm_map_pages(', 'pages[offset + i]', 'pages[i]'),
    calls: ['vm_map_pages'],
  },
  {
    name: 'remap-vmalloc-past-end',
    edit: edit(
      VMALLOC,
      'int remap_vmalloc_range_partial(',
      'end_index > get_vm_area_size(area)',
      'size > get_vm_area_size(area)',
    ),
    calls: ['remap_vmalloc_range'],
    fix: 'bdebd6a2831b',
  },
  {
    name: 'unmap-range-one-page-less',
    edit: edit(
      MEMORY,
      'void unmap_mapping_pages(',
      'pgoff_t	last_index = start + nr - 1;',
      'pgoff_t	last_index = start + nr - (nr > 1 ? 2 : 1);',
    ),
    calls: ['unmap_mapping_range'],
  },
  {
    name: 'unmap-range-keeps-kernel-pages',
    edit: edit(
      MEMORY,
      'static inline bool should_zap_folio(',
      'return !folio_test_anon(folio);',
      'return !folio_test_anon(folio) && folio->mapping;',
    ),
    calls: ['unmap_mapping_range'],
    fix: '2e148f1e3d9a',
  },
  {
    name: 'mremap-without-flush',
    edit: edit('mm/mremap.c', 'static int move_ptes(', 'force_flush = true;', 'force_flush = false;'),
    calls: ['mremap'],
    fix: 'eb66ae030829',
  },
  {
    name: 'user-flush-on-one-cpu',
    edit: edit(
      'arch/x86/mm/tlb.c',
      'void flush_tlb_mm_range(',
      'if (cpumask_any_but(mm_cpumask(mm), cpu) < nr_cpu_ids) {',
      'if (0) {',
    ),
    calls: [
      ...(['zap_vma_ptes', 'unmap_mapping_range', 'madvise', 'munmap', 'vm_munmap'] as const),
      ...(['mremap', 'mprotect', 'break_cow'] as const),
    ],
  },
];
