import type { CallName } from '../notation/names.ts';
import type { Step } from '../notation/program.ts';
import type { ArgumentTypes, ParameterType, Signature } from '../notation/signature.ts';

/**
 * The types of the parameters of each call, in order. `?`: the argument may be left out; a list: one of these words. The
 * naive specification states them on its own; a test compares them with the descriptions of the calls.
 */
export const PARAMETERS = {
  vmap: ['frames', 'flags?'],
  vunmap: ['area'],
  vm_map_ram: ['frames'],
  vm_unmap_ram: ['area', 'pages'],
  vm_unmap_aliases: [],
  vmalloc: ['bytes'],
  vzalloc: ['bytes'],
  vmalloc_user: ['bytes'],
  vmalloc_huge: ['bytes'],
  vfree: ['area'],
  vfree_atomic: ['area'],
  vrealloc: ['area', 'bytes'],
  set_vm_flush_reset_perms: ['area'],
  set_memory_ro: ['area'],
  set_memory_rw: ['area'],
  get_vm_area: ['bytes'],
  free_vm_area: ['area'],
  vm_area_map_pages: ['area', 'address', 'frames'],
  vm_area_unmap_pages: ['area', 'address', 'bytes'],
  apply_to_page_range: ['area', 'address', 'frames'],
  apply_to_existing_page_range: ['area', 'address', 'frame', 'bytes'],
  vmalloc_to_page: ['address'],
  is_vmalloc_addr: ['address'],
  find_vm_area: ['address'],
  vread: ['address'],
  reclaim: [],
  mmap: ['object', 'pages', ['plain', 'pfnmap', 'mixedmap'], ['shared', 'private'], 'frame?', 'vma?', 'flags?'],
  munmap: ['vma', 'space?'],
  vm_munmap: ['address', 'address', 'space?'],
  mprotect: ['vma', ['none', 'read', 'write'], 'space?'],
  mremap: ['vma', 'pages', 'flags?'],
  remap_pfn_range: ['vma', 'address', 'frame', 'bytes', 'space?'],
  vm_insert_page: ['vma', 'address', 'frame', 'space?'],
  vm_insert_pages: ['vma', 'address', 'frames', 'space?'],
  vm_map_pages: ['vma', 'frames', 'space?'],
  vm_map_pages_zero: ['vma', 'frames', 'space?'],
  remap_vmalloc_range: ['vma', 'area', 'pages', 'space?'],
  vmf_insert_pfn: ['vma', 'address', 'frame', 'space?'],
  vmf_insert_mixed: ['vma', 'address', 'frame', 'space?'],
  fault: ['address', 'frame', 'space?'],
  zap_vma_ptes: ['vma', 'address', 'bytes', 'space?'],
  madvise: ['vma', 'address', 'bytes', ['dontneed', 'free', 'cold', 'pageout'], 'space?'],
  follow_pfn: ['vma', 'address', 'space?'],
  follow_pfnmap_start: ['vma', 'address', ['writable', 'special'], 'space?'],
  get_user_pages: ['address', 'space?'],
  unmap_mapping_range: ['object', 'bytes', 'flags?'],
  break_cow: ['address'],
  fork: [],
  exit: ['space'],
  read: ['address', 'space?'],
  write: ['address', 'value', 'space?'],
  reread: ['address', 'space?'],
  page_count: ['frame'],
  page_mapcount: ['frame'],
  allocated_pages: [],
  fail_after: ['value'],
  flush_tlb: [],
} as const satisfies Record<CallName, readonly (ParameterType | `${ParameterType}?` | readonly string[])[]>;

/** The value of a parameter of one of the types above. */
type Value<T> = T extends `${infer Type extends ParameterType}?`
  ? ArgumentTypes[Type] | undefined
  : T extends ParameterType
    ? ArgumentTypes[T]
    : T extends readonly (infer Word)[]
      ? Word
      : never;

type Values<T extends readonly unknown[]> = { readonly [I in keyof T]: Value<T[I]> };

/** A step of a call, or of one of several. */
export type StepOf<N extends CallName> = Step<Signature, Values<(typeof PARAMETERS)[N]>>;
