import type { CallName } from '../../reference/notation/names.ts';

/** A text in a source file, and what replaces it. The text occurs once in the function that is named. */
export interface Edit {
  readonly file: string;
  /** The line with which the function begins, so that the text is searched in it only. */
  readonly function: string;
  readonly from: string;
  readonly to: string;
}

/** A bug that is put into the sources of Linux 6.12: one that was fixed, one like it, or an ordinary slip. */
export interface Bug {
  readonly name: string;
  readonly edit: Edit;
  /** The calls whose code is wrong: a fair report blames one of them. */
  readonly calls: readonly CallName[];
  /** Where the bug, or one like it, was real: the commit of the fix; undefined for an ordinary slip. */
  readonly fix?: string;
  /** Only overlapping calls show it. */
  readonly race?: true;
}

const VMALLOC = 'mm/vmalloc.c';
const MEMORY = 'mm/memory.c';

const edit = (file: string, name: string, from: string, to: string): Edit => ({ file, function: name, from, to });

/** The bugs, those of `mm/vmalloc.c` first. */
export const BUGS: readonly Bug[] = [
  {
    name: 'aliases-skip-full-blocks',
    edit: edit(
      VMALLOC,
      'static void _vm_unmap_aliases(',
      'xa_for_each(&vbq->vmap_blocks, idx, vb) {',
      'idx = 0;\n\t\tlist_for_each_entry_rcu(vb, &vbq->free, free_list) {',
    ),
    calls: ['vm_unmap_aliases'],
    fix: 'fc1e0d980037',
  },
  {
    name: 'aliases-flush-one-page-less',
    edit: edit(
      VMALLOC,
      'static void _vm_unmap_aliases(',
      'e = va_start + (vb->dirty_max << PAGE_SHIFT);',
      'e = va_start + ((vb->dirty_max - 1) << PAGE_SHIFT);',
    ),
    calls: ['vm_unmap_aliases'],
  },
  {
    name: 'purge-flushes-one-page-less',
    edit: edit(
      VMALLOC,
      'static bool __purge_vmap_area_lazy(',
      'flush_tlb_kernel_range(start, end);',
      'flush_tlb_kernel_range(start, end - PAGE_SIZE);',
    ),
    calls: ['vm_unmap_aliases', 'vunmap', 'vm_unmap_ram', 'vfree'],
  },
  {
    name: 'dirty-range-too-short',
    edit: edit(
      VMALLOC,
      'static void vb_free(',
      'vb->dirty_max = max(vb->dirty_max, offset + (1UL << order));',
      'vb->dirty_max = max(vb->dirty_max, offset + 1);',
    ),
    calls: ['vm_unmap_ram', 'vm_unmap_aliases'],
  },
  {
    name: 'no-guard-page',
    edit: edit(VMALLOC, 'static struct vm_struct *__get_vm_area_node(', 'size += PAGE_SIZE;', 'size += 0;'),
    calls: ['vmap', 'vmalloc'],
    fix: 'bd1a8fb2d43f',
  },
  {
    name: 'vfree-keeps-last-page',
    edit: edit(VMALLOC, 'void vfree(', 'i < vm->nr_pages; i++', 'i + 1 < vm->nr_pages; i++'),
    calls: ['vfree'],
  },
  {
    name: 'put-pages-forgotten',
    edit: edit(VMALLOC, 'void *vmap(struct page', 'area->nr_pages = count;', 'area->nr_pages = count - 1;'),
    calls: ['vmap', 'vfree'],
    fix: 'c22ee5284cf5',
  },
  {
    name: 'is-vmalloc-addr-past-end',
    edit: edit(VMALLOC, 'bool is_vmalloc_addr(', 'addr >= VMALLOC_START', 'addr > VMALLOC_START'),
    calls: ['is_vmalloc_addr'],
  },
  {
    name: 'block-free-without-recheck',
    edit: edit(
      VMALLOC,
      'static void *vb_alloc(',
      'if (vb->free < (1UL << order)) {\n\t\t\tspin_unlock(&vb->lock);\n\t\t\tcontinue;\n\t\t}\n',
      '',
    ),
    calls: ['vm_map_ram'],
    race: true,
  },
  {
    name: 'aliases-without-purge-lock',
    edit: edit(
      VMALLOC,
      'static void _vm_unmap_aliases(',
      'mutex_lock(&vmap_purge_lock);',
      'if (0)\n\t\tmutex_lock(&vmap_purge_lock);',
    ),
    calls: ['vm_unmap_aliases'],
    race: true,
  },
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
    name: 'unmap-range-one-page-less',
    edit: edit(
      MEMORY,
      'void unmap_mapping_pages(',
      'pgoff_t	last_index = start + nr - 1;',
      'pgoff_t	last_index = start + nr - (nr > 1 ? 2 : 1);',
    ),
    calls: ['unmap_mapping_range'],
  },
];
