import type { Step } from '../../../../reference/calls/call.ts';
import type { Address } from '../../../../reference/notation/address.ts';
import type { FrameId } from '../../../../reference/notation/frame.ts';
import type { Lists } from '../kernel/steps.ts';

/** The calls as functions that an implementation provides, and as C that calls them. */
export interface CCall {
  /** What is to be provided. */
  readonly prototype: string;
  /** The statements of one step. */
  readonly write: (step: Step, lists: Lists) => string;
}

const hex = (bytes: number): string => `${bytes < 0 ? '-' : ''}0x${Math.abs(bytes).toString(16)}`;
const has = (flags: unknown, flag: string): boolean => Array.isArray(flags) && flags.includes(flag);

/** `&a[0]`, or one of the two addresses that are no name's. */
const named = ({ base, index }: Address): string =>
  base === 'null' ? '&nil' : base === 'hole' ? '&hole' : `&${base}[${index}]`;

const at = (address: Address): string => `(${named(address)})->start + ${hex(address.offset)}`;

/** A step is left out where a name that it needs was never bound. */
function guarded(step: Step, text: string): string {
  const names = new Set(step.call.naming.map((i) => step.args[i] as Address | undefined));
  const bound = [...names]
    .filter((one) => one?.base === 'a' || one?.base === 'v')
    .map((one) => `(${named(one!)})->bound`);
  const unique = [...new Set(bound)];
  return unique.length === 0 ? text : `if (${unique.join(' && ')}) {\n\t\t${text.replaceAll('\n', '\n\t')}\n\t}`;
}

const KINDS: Readonly<Record<string, string>> = { plain: 'MM_PLAIN', pfnmap: 'MM_PFNMAP', mixedmap: 'MM_MIXEDMAP' };

const reaching = (prototype: string, name: string): CCall => ({
  prototype,
  write: (step) => guarded(step, `answer_reached(o, ${name}(${step.cpu}, ${at(step.args[0] as Address)}));`),
});

const ending = (prototype: string, name: string, pages = false): CCall => ({
  prototype,
  write: (step) => {
    const address = step.args[0] as Address;
    const count = pages ? `, ${step.args[1] as number}` : '';
    return guarded(
      step,
      `(${named(address)})->live = false;\n\t${name}(${step.cpu}, ${at(address)}${count});\n\to->kind = OK;`,
    );
  },
});

const onVma = (prototype: string, write: (step: Step, vma: string) => string): CCall => ({
  prototype,
  write: (step) =>
    guarded(step, write(step, `${step.cpu}, ${at(step.args[0] as Address)}, ${at(step.args[1] as Address)}`)),
});

const counting = (prototype: string, name: string): CCall => ({
  prototype,
  write: ({ cpu, args }) => `answer_count(o, ${name}(${cpu}, ${args[0] as number}));`,
});

/** Every call by name. */
export const C_CALLS: Readonly<Record<string, CCall>> = {
  vmap: {
    prototype: `/* The address, 0 for NULL. put_pages: VM_MAP_PUT_PAGES, one reference of each frame is the call's. */
uint64_t mm_vmap(unsigned int cpu, const unsigned int *frames, unsigned int n, bool put_pages);`,
    write({ cpu, binds, args }, lists) {
      const frames = args[0] as readonly FrameId[];
      return `bind(&a[${binds}], mm_vmap(${cpu}, ${lists.name(frames)}, ${frames.length}, ${has(args[1], 'put_pages')}), ${frames.length}, o);`;
    },
  },
  vunmap: ending('void mm_vunmap(unsigned int cpu, uint64_t addr);', 'mm_vunmap'),
  vm_map_ram: {
    prototype: 'uint64_t mm_vm_map_ram(unsigned int cpu, const unsigned int *frames, unsigned int n);',
    write({ cpu, binds, args }, lists) {
      const frames = args[0] as readonly FrameId[];
      return `bind(&a[${binds}], mm_vm_map_ram(${cpu}, ${lists.name(frames)}, ${frames.length}), ${frames.length}, o);`;
    },
  },
  vm_unmap_ram: ending(
    'void mm_vm_unmap_ram(unsigned int cpu, uint64_t addr, unsigned int n);',
    'mm_vm_unmap_ram',
    true,
  ),
  vm_unmap_aliases: {
    prototype: 'void mm_vm_unmap_aliases(unsigned int cpu);',
    write: ({ cpu }) => `mm_vm_unmap_aliases(${cpu});\n\to->kind = OK;`,
  },
  vmalloc: {
    prototype: `/* The memory's words say that they are page i of area "name" (MM_AREA_PAGE). */
uint64_t mm_vmalloc(unsigned int cpu, unsigned int name, uint64_t bytes);`,
    write: ({ cpu, binds, args }) =>
      `bind(&a[${binds}], mm_vmalloc(${cpu}, ${binds}, ${hex(args[0] as number)}), (${hex(args[0] as number)} + PAGE_SIZE - 1) / PAGE_SIZE, o);`,
  },
  vzalloc: {
    prototype: `/* The same; *dirty is set where the memory was not all zero before it was told apart. */
uint64_t mm_vzalloc(unsigned int cpu, unsigned int name, uint64_t bytes, bool *dirty);`,
    write: ({ cpu, binds, args }) =>
      `bool dirty = false;\n\n\tbind(&a[${binds}], mm_vzalloc(${cpu}, ${binds}, ${hex(args[0] as number)}, &dirty), (${hex(args[0] as number)} + PAGE_SIZE - 1) / PAGE_SIZE, o);\n\to->value = dirty;`,
  },
  vfree: ending('void mm_vfree(unsigned int cpu, uint64_t addr);', 'mm_vfree'),
  vmalloc_to_page: reaching(
    '/* MM_NONE for NULL. */\nstruct mm_reached mm_vmalloc_to_page(unsigned int cpu, uint64_t addr);',
    'mm_vmalloc_to_page',
  ),
  is_vmalloc_addr: {
    prototype: 'bool mm_is_vmalloc_addr(unsigned int cpu, uint64_t addr);',
    write: (step) => guarded(step, `answer_count(o, mm_is_vmalloc_addr(${step.cpu}, ${at(step.args[0] as Address)}));`),
  },
  read: reaching(
    '/* What the CPU reaches there, through its own TLB; nothing is faulted in. */\nstruct mm_reached mm_read(unsigned int cpu, uint64_t addr);',
    'mm_read',
  ),
  reread: reaching(
    '/* The same after this one address was flushed on this one CPU. */\nstruct mm_reached mm_reread(unsigned int cpu, uint64_t addr);',
    'mm_reread',
  ),
  write: {
    prototype:
      '/* Writes the value of the word that is reached there; tells what was reached. */\nstruct mm_reached mm_write(unsigned int cpu, uint64_t addr, unsigned int value);',
    write: (step) =>
      guarded(
        step,
        `answer_reached(o, mm_write(${step.cpu}, ${at(step.args[0] as Address)}, ${step.args[1] as number}));\n\to->value = 0;`,
      ),
  },
  page_count: counting(
    '/* Differences from the start of the program. */\nint mm_page_count(unsigned int cpu, unsigned int frame);',
    'mm_page_count',
  ),
  page_mapcount: counting('int mm_page_mapcount(unsigned int cpu, unsigned int frame);', 'mm_page_mapcount'),
  fail_after: {
    prototype:
      '/* The (after + 1)-th allocation from here on, inside the implementation, fails once. */\nvoid mm_fail_after(unsigned int cpu, unsigned int after);',
    write: ({ cpu, args }) => `mm_fail_after(${cpu}, ${args[0] as number});\n\to->kind = OK;`,
  },
  mmap: {
    prototype: `/*
 * The address, or a negative errno. remap: the mmap handler maps the frames from this one on, -1 for none. after: the
 * end of the VMA that it follows directly; 0 for anywhere, a page apart from all others.
 */
int64_t mm_mmap(unsigned int cpu, unsigned int name, unsigned int object, uint64_t offset, unsigned int pages,
		enum mm_vma kind, bool private_copy, int remap, uint64_t after);`,
    write: (step) => {
      const [object, pages, kind, share, remap, after] = step.args;
      const { index, offset } = object as Address;
      const neighbour =
        after === undefined
          ? '0'
          : `${at(after as Address)} + (${named(after as Address)})->pages * (uint64_t)PAGE_SIZE`;
      const first = remap === undefined ? -1 : (remap as FrameId);
      return guarded(
        step,
        `bind_vma(&v[${step.binds}], mm_mmap(${step.cpu}, ${step.binds}, ${index}, ${hex(offset)}, ${pages as number}, ${KINDS[kind as string]}, ${share === 'private'}, ${first}, ${neighbour}), ${pages as number}, o);`,
      );
    },
  },
  munmap: ending('void mm_munmap(unsigned int cpu, uint64_t addr);', 'mm_munmap'),
  remap_pfn_range: onVma(
    'int mm_remap_pfn_range(unsigned int cpu, uint64_t vma, uint64_t addr, unsigned int frame, uint64_t size);',
    ({ args }, vma) => `answer_errno(o, mm_remap_pfn_range(${vma}, ${args[2] as number}, ${hex(args[3] as number)}));`,
  ),
  vm_insert_page: onVma(
    'int mm_vm_insert_page(unsigned int cpu, uint64_t vma, uint64_t addr, unsigned int frame);',
    ({ args }, vma) => `answer_errno(o, mm_vm_insert_page(${vma}, ${args[2] as number}));`,
  ),
  vmf_insert_pfn: onVma(
    '/* One of the VM_FAULT_ values below. */\nunsigned int mm_vmf_insert_pfn(unsigned int cpu, uint64_t vma, uint64_t addr, unsigned int frame);',
    ({ args }, vma) => `o->kind = VMFAULT;\n\to->number = mm_vmf_insert_pfn(${vma}, ${args[2] as number});`,
  ),
  zap_vma_ptes: onVma(
    '/* MM_VOID where it returns nothing. */\nint mm_zap_vma_ptes(unsigned int cpu, uint64_t vma, uint64_t addr, uint64_t size);',
    ({ args }, vma) => `answer_errno(o, mm_zap_vma_ptes(${vma}, ${hex(args[2] as number)}));`,
  ),
  follow_pfn: onVma(
    '/* 0, and what is mapped there, or a negative errno. */\nint mm_follow_pfn(unsigned int cpu, uint64_t vma, uint64_t addr, struct mm_reached *found);',
    (_step, vma) =>
      `struct mm_reached found = { 0 };\n\tint ret = mm_follow_pfn(${vma}, &found);\n\n\tif (ret)\n\t\tanswer_errno(o, ret);\n\telse\n\t\tanswer_reached(o, found);`,
  ),
  unmap_mapping_range: {
    prototype:
      'void mm_unmap_mapping_range(unsigned int cpu, unsigned int object, uint64_t offset, uint64_t size, bool even_cows);',
    write: ({ cpu, args }) => {
      const { index, offset } = args[0] as Address;
      return `mm_unmap_mapping_range(${cpu}, ${index}, ${hex(offset)}, ${hex(args[1] as number)}, ${has(args[2], 'even_cows')});\n\to->kind = OK;`;
    },
  },
  break_cow: {
    prototype: `/* A write from user space; the copy's words say that they are page i of VMA "name" (MM_VMA_PAGE). False: it faulted. */
bool mm_break_cow(unsigned int cpu, unsigned int name, uint64_t addr);`,
    write: (step) => {
      const address = step.args[0] as Address;
      return guarded(step, `o->kind = mm_break_cow(${step.cpu}, ${address.index}, ${at(address)}) ? OK : FAULT;`);
    },
  },
};
