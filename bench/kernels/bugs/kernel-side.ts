import { type Bug, edit, VMALLOC } from '../bug.ts';

/** The calls that give areas back with `free_unmap_vmap_area`: `vfree_atomic` lets a worker call `vfree`. */
export const FREEING = ['vunmap', 'vm_unmap_ram', 'vfree', 'vfree_atomic', 'free_vm_area'] as const;

/** Bugs of kernel areas that programs without lanes show. */
export const KERNEL_SIDE: readonly Bug[] = [
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
  // The last page of an area is its guard page, which is never mapped, so the first one is left out. Areas of vm_map_ram
  // have none, but x86-64 flushes everything for an area of more than 33 pages.
  {
    name: 'purge-flushes-one-page-less',
    edit: edit(
      VMALLOC,
      'static bool __purge_vmap_area_lazy(',
      'flush_tlb_kernel_range(start, end);',
      'flush_tlb_kernel_range(start + PAGE_SIZE, end);',
    ),
    calls: ['vm_unmap_aliases', ...FREEING],
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
    name: 'vb-free-unmaps-one-page-less',
    edit: edit(
      VMALLOC,
      'static void vb_free(',
      'vunmap_range_noflush(addr, addr + size);',
      'vunmap_range_noflush(addr, addr + (size > PAGE_SIZE ? size - PAGE_SIZE : size));',
    ),
    calls: ['vm_unmap_ram'],
  },
  {
    name: 'area-reused-before-flush',
    edit: edit(
      VMALLOC,
      'static void free_unmap_vmap_area(',
      'free_vmap_area_noflush(va);',
      'spin_lock(&free_vmap_area_lock);\n' +
        '\tmerge_or_add_vmap_area_augment(va, &free_vmap_area_root, &free_vmap_area_list);\n' +
        '\tspin_unlock(&free_vmap_area_lock);',
    ),
    calls: FREEING,
  },
  {
    name: 'no-guard-page',
    edit: edit(
      VMALLOC,
      'void *vmap(struct page',
      'if (WARN_ON_ONCE(flags & VM_NO_GUARD))\n\t\tflags &= ~VM_NO_GUARD;',
      'flags |= VM_NO_GUARD;',
    ),
    calls: ['vmap'],
    fix: 'bd1a8fb2d43f',
  },
  {
    name: 'vfree-keeps-last-page',
    edit: edit(VMALLOC, 'void vfree(', 'i < vm->nr_pages; i++', 'i + 1 < vm->nr_pages; i++'),
    calls: ['vfree', 'vfree_atomic'],
  },
  {
    name: 'put-pages-forgotten',
    edit: edit(VMALLOC, 'void *vmap(struct page', 'area->nr_pages = count;', 'area->nr_pages = count - 1;'),
    calls: ['vmap', 'vfree'],
    fix: 'c22ee5284cf5',
  },
  // Only an area at the very first address shows it. In a kernel that boots, this area is the kernel's own.
  {
    name: 'is-vmalloc-addr-past-end',
    only: 'vmalloc',
    edit: edit(VMALLOC, 'bool is_vmalloc_addr(', 'addr >= VMALLOC_START', 'addr > VMALLOC_START'),
    calls: ['is_vmalloc_addr'],
  },
  {
    name: 'kernel-flush-on-one-cpu',
    edit: edit(
      'arch/x86/mm/tlb.c',
      'void flush_tlb_kernel_range(',
      'on_each_cpu(do_kernel_range_flush, info, 1);',
      'do_kernel_range_flush(info);',
    ),
    calls: ['vm_unmap_aliases', ...FREEING],
  },
];
