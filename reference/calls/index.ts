import type { Call } from './call.ts';
import { isVmallocAddr } from './kernel/is_vmalloc_addr.ts';
import { vfree } from './kernel/vfree.ts';
import { vmMapRam } from './kernel/vm_map_ram.ts';
import { vmUnmapAliases } from './kernel/vm_unmap_aliases.ts';
import { vmUnmapRam } from './kernel/vm_unmap_ram.ts';
import { vmalloc } from './kernel/vmalloc.ts';
import { vmallocToPage } from './kernel/vmalloc_to_page.ts';
import { vmap } from './kernel/vmap.ts';
import { vunmap } from './kernel/vunmap.ts';
import { vzalloc } from './kernel/vzalloc.ts';
import { failAfter } from './observe/fail_after.ts';
import { pageCount } from './observe/page_count.ts';
import { pageMapcount } from './observe/page_mapcount.ts';
import { read } from './observe/read.ts';
import { reread } from './observe/reread.ts';
import { write } from './observe/write.ts';
import { breakCow } from './user/break_cow.ts';
import { followPfn } from './user/follow_pfn.ts';
import { mmap } from './user/mmap.ts';
import { munmap } from './user/munmap.ts';
import { remapPfnRange } from './user/remap_pfn_range.ts';
import { unmapMappingRange } from './user/unmap_mapping_range.ts';
import { vmInsertPage } from './user/vm_insert_page.ts';
import { vmfInsertPfn } from './user/vmf_insert_pfn.ts';
import { zapVmaPtes } from './user/zap_vma_ptes.ts';

/** Every call of the contract. To add one: write its file, and name it here. */
export const CALLS: readonly Call[] = [
  vmap,
  vunmap,
  vmMapRam,
  vmUnmapRam,
  vmUnmapAliases,
  vmalloc,
  vzalloc,
  vfree,
  vmallocToPage,
  isVmallocAddr,
  mmap,
  munmap,
  remapPfnRange,
  vmInsertPage,
  vmfInsertPfn,
  zapVmaPtes,
  followPfn,
  unmapMappingRange,
  breakCow,
  read,
  write,
  reread,
  pageCount,
  pageMapcount,
  failAfter,
];

/** The calls by name: what the parser knows. */
export const VOCABULARY: ReadonlyMap<string, Call> = new Map(CALLS.map((call) => [call.name, call]));
