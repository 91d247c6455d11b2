import type { Call } from '../../../reference/calls/call.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import { inObject } from '../../../reference/notation/address.ts';
import type { Argument } from '../../../reference/notation/signature.ts';
import { UsageError } from '../../common/errors.ts';

/** What small programs are written with: some calls, a few sizes, a few CPUs. */
export interface Alphabet {
  readonly name: string;
  readonly summary: string;
  readonly calls: readonly Call[];
  /** Page counts of mappings. */
  readonly sizes: readonly number[];
  readonly cpus: number;
  /** The only values of some parameters, as `call.parameter`; `undefined` leaves an optional one out. Any where nothing is said. */
  readonly only?: Readonly<Record<string, readonly (Argument | undefined)[]>>;
  /** The most names that a program binds. */
  readonly names: number;
  /** The longest programs that are tried in a gate, in steps: on targets of this process, and on others. */
  readonly steps: { readonly direct: number; readonly remote: number };
}

const calls = (...names: readonly string[]): readonly Call[] => names.map((name) => VOCABULARY.get(name)!);

/** `unmap_mapping_range` of all of the object: its ranges are many, and random programs draw them. */
const WHOLE_OBJECT = { 'unmap_mapping_range.object': [inObject(0, 0)], 'unmap_mapping_range.size': [0] };

/** Alphabets that a gate goes through: each small enough that all of its short programs can be run. */
export const ALPHABETS: readonly Alphabet[] = [
  {
    name: 'vmap',
    summary: 'areas of one page on two CPUs, given back, flushed and read',
    calls: calls('vmap', 'vunmap', 'vm_unmap_aliases', 'read'),
    sizes: [1],
    cpus: 2,
    names: 2,
    steps: { direct: 5, remote: 3 },
  },
  {
    name: 'ram',
    summary: 'areas of vm_map_ram on two CPUs, given back, flushed and read',
    calls: calls('vm_map_ram', 'vm_unmap_ram', 'vm_unmap_aliases', 'read'),
    sizes: [1],
    cpus: 2,
    names: 2,
    steps: { direct: 5, remote: 4 },
  },
  {
    name: 'sizes',
    summary: 'kernel areas of up to three pages, looked at page by page',
    calls: calls('vmap', 'vunmap', 'vm_map_ram', 'vm_unmap_ram', 'read', 'vmalloc_to_page'),
    sizes: [0, 1, 2, 3],
    cpus: 1,
    names: 2,
    steps: { direct: 3, remote: 2 },
  },
  {
    name: 'memory',
    summary: 'vmalloc and vzalloc, written, given back and read',
    calls: calls('vmalloc', 'vzalloc', 'vfree', 'read', 'write', 'is_vmalloc_addr'),
    sizes: [0, 1, 2],
    cpus: 1,
    names: 2,
    steps: { direct: 4, remote: 3 },
  },
  {
    name: 'counts',
    summary: 'reference and map counts of frames that kernel areas map, owned by them and not',
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
    only: { 'mmap.after': [undefined] },
    names: 1,
    steps: { direct: 3, remote: 2 },
  },
  {
    name: 'zap',
    summary: 'a shared VM_PFNMAP VMA on two CPUs, zapped and read',
    calls: calls('mmap', 'zap_vma_ptes', 'munmap', 'read'),
    sizes: [2],
    cpus: 2,
    only: { 'mmap.kind': ['pfnmap'], 'mmap.share': ['shared'], 'mmap.remap': [0], 'mmap.after': [undefined] },
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
      'mmap.kind': ['mixedmap'],
      'mmap.share': ['shared'],
      'mmap.remap': [undefined],
      'mmap.after': [undefined],
      ...WHOLE_OBJECT,
    },
    names: 1,
    steps: { direct: 4, remote: 3 },
  },
  {
    name: 'fault',
    summary: 'frames inserted by number, as a fault handler does, where something is mapped and where nothing is',
    calls: calls('mmap', 'vmf_insert_pfn', 'zap_vma_ptes', 'munmap', 'read', 'follow_pfn'),
    sizes: [1],
    cpus: 1,
    only: { 'mmap.kind': ['pfnmap'], 'mmap.share': ['shared'], 'mmap.remap': [undefined], 'mmap.after': [undefined] },
    names: 1,
    steps: { direct: 4, remote: 3 },
  },
  {
    name: 'private',
    summary: 'private copies of pages, made, kept and unmapped',
    calls: calls('mmap', 'break_cow', 'unmap_mapping_range', 'munmap', 'write', 'read', 'follow_pfn'),
    sizes: [1],
    cpus: 1,
    only: {
      'mmap.kind': ['pfnmap'],
      'mmap.share': ['private'],
      'mmap.remap': [0],
      'mmap.after': [undefined],
      ...WHOLE_OBJECT,
    },
    names: 1,
    steps: { direct: 4, remote: 3 },
  },
];

/**
 * The alphabet of a name.
 * @throws UsageError naming what exists.
 */
export function alphabetNamed(name: string): Alphabet {
  const found = ALPHABETS.find((alphabet) => alphabet.name === name);
  if (found) return found;
  const there = ALPHABETS.map((alphabet) => `  ${alphabet.name.padEnd(8)} ${alphabet.summary}`).join('\n');
  throw new UsageError(`unknown alphabet ${name}; there are:\n${there}`);
}
