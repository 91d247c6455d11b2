import { CALL_NAMES, type CallName } from '../notation/names.ts';
import type { Step as AnyStep } from '../notation/program.ts';
import type { ArgumentsFor } from '../notation/signature.ts';
import type { Call, Step } from './call.ts';
import { applyToExistingPageRange } from './kernel/apply_to_existing_page_range.ts';
import { applyToPageRange } from './kernel/apply_to_page_range.ts';
import { findVmArea } from './kernel/find_vm_area.ts';
import { freeVmArea } from './kernel/free_vm_area.ts';
import { getVmArea } from './kernel/get_vm_area.ts';
import { isVmallocAddr } from './kernel/is_vmalloc_addr.ts';
import { reclaim } from './kernel/reclaim.ts';
import { setMemoryRo } from './kernel/set_memory_ro.ts';
import { setMemoryRw } from './kernel/set_memory_rw.ts';
import { setVmFlushResetPerms } from './kernel/set_vm_flush_reset_perms.ts';
import { vfree } from './kernel/vfree.ts';
import { vfreeAtomic } from './kernel/vfree_atomic.ts';
import { vmAreaMapPages } from './kernel/vm_area_map_pages.ts';
import { vmAreaUnmapPages } from './kernel/vm_area_unmap_pages.ts';
import { vmMapRam } from './kernel/vm_map_ram.ts';
import { vmUnmapAliases } from './kernel/vm_unmap_aliases.ts';
import { vmUnmapRam } from './kernel/vm_unmap_ram.ts';
import { vmalloc } from './kernel/vmalloc.ts';
import { vmallocHuge } from './kernel/vmalloc_huge.ts';
import { vmallocToPage } from './kernel/vmalloc_to_page.ts';
import { vmallocUser } from './kernel/vmalloc_user.ts';
import { vmap } from './kernel/vmap.ts';
import { vread } from './kernel/vread.ts';
import { vrealloc } from './kernel/vrealloc.ts';
import { vunmap } from './kernel/vunmap.ts';
import { vzalloc } from './kernel/vzalloc.ts';
import { allocatedPages } from './observe/allocated_pages.ts';
import { failAfter } from './observe/fail_after.ts';
import { flushTlb } from './observe/flush_tlb.ts';
import { pageCount } from './observe/page_count.ts';
import { pageMapcount } from './observe/page_mapcount.ts';
import { read } from './observe/read.ts';
import { reread } from './observe/reread.ts';
import { write } from './observe/write.ts';
import { breakCow } from './user/break_cow.ts';
import { exit } from './user/exit.ts';
import { fault } from './user/fault.ts';
import { followPfn } from './user/follow_pfn.ts';
import { followPfnmapStart } from './user/follow_pfnmap_start.ts';
import { fork } from './user/fork.ts';
import { getUserPages } from './user/get_user_pages.ts';
import { madvise } from './user/madvise.ts';
import { mmap } from './user/mmap.ts';
import { mprotect } from './user/mprotect.ts';
import { mremap } from './user/mremap.ts';
import { munmap } from './user/munmap.ts';
import { remapPfnRange } from './user/remap_pfn_range.ts';
import { remapVmallocRange } from './user/remap_vmalloc_range.ts';
import { unmapMappingRange } from './user/unmap_mapping_range.ts';
import { vmInsertPage } from './user/vm_insert_page.ts';
import { vmInsertPages } from './user/vm_insert_pages.ts';
import { vmMapPages } from './user/vm_map_pages.ts';
import { vmMapPagesZero } from './user/vm_map_pages_zero.ts';
import { vmMunmap } from './user/vm_munmap.ts';
import { vmfInsertMixed } from './user/vmf_insert_mixed.ts';
import { vmfInsertPfn } from './user/vmf_insert_pfn.ts';
import { zapVmaPtes } from './user/zap_vma_ptes.ts';

/** Every call of the contract by its name. To add one: name it in `notation/names.ts`, write its file, name it here. */
const BY_NAME = {
  vmap,
  vunmap,
  vm_map_ram: vmMapRam,
  vm_unmap_ram: vmUnmapRam,
  vm_unmap_aliases: vmUnmapAliases,
  vmalloc,
  vzalloc,
  vmalloc_user: vmallocUser,
  vmalloc_huge: vmallocHuge,
  vfree,
  vfree_atomic: vfreeAtomic,
  vrealloc,
  set_vm_flush_reset_perms: setVmFlushResetPerms,
  set_memory_ro: setMemoryRo,
  set_memory_rw: setMemoryRw,
  get_vm_area: getVmArea,
  free_vm_area: freeVmArea,
  vm_area_map_pages: vmAreaMapPages,
  vm_area_unmap_pages: vmAreaUnmapPages,
  apply_to_page_range: applyToPageRange,
  apply_to_existing_page_range: applyToExistingPageRange,
  vmalloc_to_page: vmallocToPage,
  is_vmalloc_addr: isVmallocAddr,
  find_vm_area: findVmArea,
  vread,
  reclaim,
  mmap,
  munmap,
  vm_munmap: vmMunmap,
  mremap,
  mprotect,
  remap_pfn_range: remapPfnRange,
  vm_insert_page: vmInsertPage,
  vm_insert_pages: vmInsertPages,
  vm_map_pages: vmMapPages,
  vm_map_pages_zero: vmMapPagesZero,
  remap_vmalloc_range: remapVmallocRange,
  vmf_insert_pfn: vmfInsertPfn,
  vmf_insert_mixed: vmfInsertMixed,
  fault,
  zap_vma_ptes: zapVmaPtes,
  madvise,
  follow_pfn: followPfn,
  follow_pfnmap_start: followPfnmapStart,
  get_user_pages: getUserPages,
  unmap_mapping_range: unmapMappingRange,
  break_cow: breakCow,
  fork,
  exit,
  read,
  write,
  reread,
  page_count: pageCount,
  page_mapcount: pageMapcount,
  allocated_pages: allocatedPages,
  fail_after: failAfter,
  flush_tlb: flushTlb,
} satisfies { readonly [N in CallName]: Call & { readonly name: N } };

/** The description of a call. */
export type CallOf<N extends CallName> = (typeof BY_NAME)[N];

/**
 * The arguments of a call, by position: `ArgumentsOf<'vm_unmap_ram'>` is `readonly [Address, number]`; an optional one
 * is `undefined` where it was left out.
 */
export type ArgumentsOf<N extends CallName> = ArgumentsFor<CallOf<N>['parameters']>;

/**
 * A step of one call: its `args` have the types of the call's parameters. `StepOf<CallName>` is a step of any call.
 *
 * Use it for tables by call name: `satisfies { readonly [N in CallName]: Handler<StepOf<N>> }`. The compiler then lists
 * the calls that a table lacks. If a call has no handler, write that down: `undefined`, or `'unsupported'`.
 *
 * @example
 * ```ts
 * import { type CallName, parse, type Step, type StepOf } from 'mmspec';
 *
 * // A method, not a property that holds a function: then any step can be passed to the handler of its call.
 * interface Handler<S extends Step = Step> {
 *   run(step: S): string;
 * }
 * const TABLE = {
 *   read: { run: ({ args: [address] }) => `looks at ${address.base}${address.index}` },
 *   vm_unmap_ram: { run: ({ args: [area, pages] }) => `unmaps ${pages} pages of a${area.index}` },
 * } satisfies { readonly [N in CallName]?: Handler<StepOf<N>> };
 * const HANDLERS: Readonly<Partial<Record<CallName, Handler>>> = TABLE;
 *
 * const text = 'mmspec program 1\n@0 a0 = vm_map_ram f0 f1\n@0 read a0\n@0 vm_unmap_ram a0 2\n';
 * const { steps } = parse(text).entries[0].trace.program;
 * console.log(steps.map((step) => HANDLERS[step.call.name]?.run(step))[2]); // unmaps 2 pages of a0
 * ```
 */
export type StepOf<N extends CallName> = CallName extends N ? Step : AnyStep<CallOf<N>, ArgumentsOf<N>>;

/**
 * Whether a step is of a call; if so, the compiler knows the types of its arguments.
 *
 * @example
 * ```ts
 * import { isStepOf, parse } from 'mmspec';
 *
 * const [step] = parse('mmspec program 1\n@0 v0 = mmap o0 4 pfnmap shared\n').entries[0].trace.program.steps;
 * if (isStepOf(step, 'mmap')) {
 *   const [object, pages, kind] = step.args; // typed: Address, number, string
 *   console.log(object.base, pages, kind); // o 4 pfnmap
 * }
 * ```
 */
export const isStepOf = <N extends CallName>(step: Step, name: N): step is StepOf<N> & Step => step.call.name === name;

/**
 * Every call of the contract, in the order of `CALL_NAMES`.
 *
 * @example
 * ```ts
 * import { CALLS } from 'mmspec';
 *
 * console.log(CALLS.filter(({ binds }) => binds === 'v').map(({ name }) => name)); // [ 'mmap', 'mremap' ]
 * ```
 */
export const CALLS: readonly Call[] = CALL_NAMES.map((name) => BY_NAME[name]);

/**
 * The calls by name: what the parser knows.
 *
 * @example
 * ```ts
 * import { VOCABULARY } from 'mmspec';
 *
 * console.log(VOCABULARY.get('vm_unmap_aliases')?.summary); // unmaps outstanding lazy aliases...
 * ```
 */
export const VOCABULARY: ReadonlyMap<string, Call> = new Map(CALLS.map((call) => [call.name, call]));
