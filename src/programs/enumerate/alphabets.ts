import type { Call } from '../../../reference/calls/call.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import { inObject } from '../../../reference/notation/address.ts';
import type { CallName } from '../../../reference/notation/names.ts';
import { unknownName } from '../../common/names.ts';
import { commandLine } from '../../common/shell.ts';
import type { Alphabet } from './alphabet.ts';

const calls = (...names: readonly CallName[]): readonly Call[] => names.map((name) => VOCABULARY.get(name)!);

/** Only unmap all of the object: there are many other ranges, and random programs draw them. */
const WHOLE_OBJECT = { unmap_mapping_range: { object: [inObject(0, 0)], size: [0] } } satisfies Alphabet['only'];

/** The alphabets that a gate goes through. Each is small enough to run all of its short programs. */
export const ALPHABETS: readonly Alphabet[] = [
  {
    name: 'vmap',
    summary: 'areas of one page on two CPUs, unmapped, flushed and read',
    calls: calls('vmap', 'vunmap', 'vm_unmap_aliases', 'read'),
    sizes: [1],
    cpus: 2,
    names: 2,
    steps: { direct: 5, remote: 3 },
  },
  {
    name: 'ram',
    summary: 'areas of vm_map_ram on two CPUs, unmapped, flushed and read',
    calls: calls('vm_map_ram', 'vm_unmap_ram', 'vm_unmap_aliases', 'read'),
    sizes: [1],
    cpus: 2,
    names: 2,
    steps: { direct: 5, remote: 4 },
  },
  {
    name: 'sizes',
    summary: 'kernel areas of up to three pages, read page by page',
    calls: calls('vmap', 'vunmap', 'vm_map_ram', 'vm_unmap_ram', 'read', 'vmalloc_to_page'),
    sizes: [0, 1, 2, 3],
    cpus: 1,
    names: 2,
    steps: { direct: 3, remote: 2 },
  },
  {
    name: 'memory',
    summary: 'vmalloc and vzalloc, written, freed and read',
    calls: calls('vmalloc', 'vzalloc', 'vfree', 'read', 'write', 'is_vmalloc_addr'),
    sizes: [0, 1, 2],
    cpus: 1,
    names: 2,
    steps: { direct: 4, remote: 3 },
  },
  {
    name: 'lookups',
    summary: 'areas of one and two pages, unmapped, looked up and read through the page tables',
    calls: calls('vmap', 'vunmap', 'vm_map_ram', 'vm_unmap_ram', 'find_vm_area', 'vread'),
    sizes: [1, 2],
    cpus: 1,
    names: 2,
    steps: { direct: 3, remote: 2 },
  },
  {
    name: 'sparse',
    summary: 'sparse areas, of which pages are mapped, read, unmapped and mapped again',
    calls: calls('get_vm_area', 'vm_area_map_pages', 'vm_area_unmap_pages', 'free_vm_area', 'read'),
    sizes: [2],
    cpus: 1,
    names: 1,
    steps: { direct: 4, remote: 3 },
  },
  {
    name: 'apply',
    summary: 'pages that a function maps in sparse areas, next to pages that are mapped',
    calls: calls('get_vm_area', 'vm_area_map_pages', 'vm_area_unmap_pages', 'apply_to_page_range', 'read'),
    sizes: [2],
    cpus: 1,
    names: 1,
    steps: { direct: 4, remote: 3 },
  },
  {
    name: 'clear',
    summary: 'pages that a function unmaps in sparse areas, next to pages that are not mapped, or stay',
    calls: calls('get_vm_area', 'vm_area_map_pages', 'apply_to_existing_page_range', 'read', 'vmalloc_to_page'),
    sizes: [2],
    cpus: 1,
    names: 1,
    steps: { direct: 4, remote: 3 },
  },
  {
    name: 'resize',
    summary: 'memory that gets another size, and what remains of it',
    calls: calls('vmalloc', 'vrealloc', 'vfree', 'write', 'read', 'vmalloc_to_page'),
    sizes: [1],
    cpus: 1,
    names: 2,
    steps: { direct: 4, remote: 3 },
  },
  {
    name: 'permissions',
    summary: 'memory that is made read-only and writable again, and is freed with and without a reset',
    calls: calls('vmalloc', 'set_vm_flush_reset_perms', 'set_memory_ro', 'set_memory_rw', 'vfree', 'write', 'read'),
    sizes: [1],
    cpus: 1,
    names: 1,
    steps: { direct: 5, remote: 3 },
  },
  {
    name: 'counts',
    summary: 'reference and map counts of frames in kernel areas, with and without VM_MAP_PUT_PAGES',
    calls: calls('vmap', 'vunmap', 'vfree', 'page_count', 'page_mapcount'),
    sizes: [1, 2],
    cpus: 1,
    names: 2,
    steps: { direct: 4, remote: 3 },
  },
  {
    name: 'kinds',
    summary: 'VMAs of every kind, filled, zapped in part, whole and beyond their ends',
    calls: calls('mmap', 'remap_pfn_range', 'zap_vma_ptes', 'read', 'follow_pfn'),
    sizes: [2],
    cpus: 1,
    only: { mmap: { after: [undefined] } },
    names: 1,
    steps: { direct: 3, remote: 2 },
  },
  {
    name: 'zap',
    summary: 'a shared VM_PFNMAP VMA on two CPUs, zapped and read',
    calls: calls('mmap', 'zap_vma_ptes', 'munmap', 'read'),
    sizes: [2],
    cpus: 2,
    only: { mmap: { kind: ['pfnmap'], share: ['shared'], remap: [0], after: [undefined] } },
    names: 1,
    steps: { direct: 4, remote: 3 },
  },
  {
    name: 'insert',
    summary: 'pages inserted and counted, unmapped in every way, and counted again',
    calls: calls('mmap', 'vm_insert_page', 'zap_vma_ptes', 'unmap_mapping_range', 'munmap', 'read', 'page_count'),
    sizes: [1],
    cpus: 1,
    only: {
      mmap: { kind: ['mixedmap'], share: ['shared'], remap: [undefined], after: [undefined] },
      ...WHOLE_OBJECT,
    },
    names: 1,
    steps: { direct: 4, remote: 3 },
  },
  {
    name: 'batch',
    summary: 'lists of pages inserted into a VMA with room for all of them, for some or for none',
    calls: calls('mmap', 'vm_insert_pages', 'read', 'page_count'),
    sizes: [2],
    cpus: 1,
    only: {
      mmap: { kind: ['mixedmap'], share: ['shared'], remap: [undefined], after: [undefined] },
    },
    names: 1,
    steps: { direct: 4, remote: 3 },
  },
  {
    name: 'whole',
    summary: 'lists of pages mapped in a whole VMA, with room in all of its pages or in some',
    calls: calls('mmap', 'vm_insert_page', 'vm_map_pages', 'vm_map_pages_zero', 'read', 'page_count'),
    sizes: [2],
    cpus: 1,
    only: {
      mmap: {
        object: [inObject(0, 0), inObject(0, 0x1000)],
        kind: ['mixedmap'],
        share: ['shared'],
        remap: [undefined],
        after: [undefined],
      },
    },
    names: 1,
    steps: { direct: 3, remote: 2 },
  },
  {
    name: 'usermap',
    summary: 'pages of areas of vmalloc_user and vmalloc in a VMA, read and written on both sides, freed and read',
    calls: calls('mmap', 'vmalloc', 'vmalloc_user', 'remap_vmalloc_range', 'vfree', 'read', 'write'),
    sizes: [1],
    cpus: 1,
    only: {
      mmap: { kind: ['mixedmap'], share: ['shared'], remap: [undefined], after: [undefined] },
      remap_vmalloc_range: { pgoff: [0, 1] },
    },
    names: 1,
    steps: { direct: 5, remote: 3 },
  },
  {
    name: 'cut',
    summary: 'VMAs side by side that lose pages, read, counted and unmapped by their object',
    calls: calls('mmap', 'vm_insert_page', 'vm_munmap', 'unmap_mapping_range', 'read', 'page_count'),
    sizes: [2],
    cpus: 1,
    only: { ...WHOLE_OBJECT, mmap: { kind: ['pfnmap', 'mixedmap'], share: ['shared'] } },
    names: 2,
    steps: { direct: 4, remote: 3 },
  },
  {
    name: 'move',
    summary: 'VMAs that are moved and shrunk, read at both addresses, counted and unmapped by their object',
    calls: calls('mmap', 'vm_insert_page', 'mremap', 'unmap_mapping_range', 'read', 'page_count'),
    sizes: [2],
    cpus: 1,
    only: { ...WHOLE_OBJECT, mmap: { kind: ['pfnmap', 'mixedmap'], share: ['shared'], after: [undefined] } },
    names: 2,
    steps: { direct: 4, remote: 3 },
  },
  {
    name: 'child',
    summary: 'VMAs that a child gets with a fork, filled, unmapped, read and counted on both sides, until it ends',
    calls: calls('mmap', 'vm_insert_page', 'fork', 'exit', 'munmap', 'unmap_mapping_range', 'read', 'page_count'),
    sizes: [1],
    cpus: 1,
    only: {
      ...WHOLE_OBJECT,
      mmap: {
        kind: ['pfnmap', 'mixedmap'],
        share: ['shared'],
        remap: [undefined, 0],
        after: [undefined],
        flags: [undefined],
      },
    },
    names: 1,
    steps: { direct: 4, remote: 3 },
  },
  {
    name: 'protect',
    summary: 'shared VMAs whose permissions change, filled, read and written on two CPUs',
    calls: calls('mmap', 'vm_insert_page', 'mprotect', 'read', 'write'),
    sizes: [1],
    cpus: 2,
    only: { mmap: { kind: ['pfnmap', 'mixedmap'], share: ['shared'], after: [undefined] } },
    names: 1,
    steps: { direct: 4, remote: 3 },
  },
  {
    name: 'discard',
    summary: 'pages of VMAs of every kind, given up with madvise, and read and counted',
    calls: calls('mmap', 'vm_insert_page', 'madvise', 'read', 'page_count'),
    sizes: [2],
    cpus: 1,
    only: { mmap: { share: ['shared'], after: [undefined] } },
    names: 1,
    steps: { direct: 3, remote: 2 },
  },
  {
    name: 'fault',
    summary: 'frames inserted by number, as a fault handler does, into empty and into mapped pages',
    calls: calls('mmap', 'vmf_insert_pfn', 'zap_vma_ptes', 'munmap', 'read', 'follow_pfn'),
    sizes: [1],
    cpus: 1,
    only: { mmap: { kind: ['pfnmap'], share: ['shared'], remap: [undefined], after: [undefined] } },
    names: 1,
    steps: { direct: 4, remote: 3 },
  },
  {
    name: 'pages',
    summary: 'pages of VMAs of every kind, copied, unmapped, looked up in the page tables, and got by get_user_pages',
    calls: calls('mmap', 'vm_insert_page', 'zap_vma_ptes', 'break_cow', 'follow_pfnmap_start', 'get_user_pages'),
    sizes: [1],
    cpus: 1,
    only: { mmap: { after: [undefined] } },
    names: 1,
    steps: { direct: 3, remote: 2 },
  },
  {
    name: 'handler',
    summary: 'frames that fault handlers insert by number, next to counted pages, with madvise and get_user_pages',
    calls: calls('mmap', 'vmf_insert_mixed', 'fault', 'vm_insert_page', 'madvise', 'get_user_pages', 'read'),
    sizes: [1],
    cpus: 1,
    only: { mmap: { kind: ['mixedmap'], remap: [undefined], after: [undefined] } },
    names: 1,
    steps: { direct: 3, remote: 2 },
  },
  {
    name: 'private',
    summary: 'private copies of pages, made, kept and unmapped',
    calls: calls('mmap', 'break_cow', 'unmap_mapping_range', 'munmap', 'write', 'read', 'follow_pfn'),
    sizes: [1],
    cpus: 1,
    only: {
      mmap: { kind: ['pfnmap'], share: ['private'], remap: [0], after: [undefined] },
      ...WHOLE_OBJECT,
    },
    names: 1,
    steps: { direct: 4, remote: 3 },
  },
];

/**
 * The alphabet of a name.
 * @throws UsageError if no alphabet has that name. It says how to list them.
 */
export function alphabetNamed(name: string): Alphabet {
  const found = ALPHABETS.find((alphabet) => alphabet.name === name);
  if (found) return found;
  const names = ALPHABETS.map((alphabet) => alphabet.name);
  throw unknownName(`unknown alphabet ${name}`, name, names, commandLine('list', 'alphabets'));
}
