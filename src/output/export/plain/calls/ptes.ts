import type { Step } from '../../../../../reference/calls/call.ts';
import type { StepOf } from '../../../../../reference/calls/index.ts';
import type { Address } from '../../../../../reference/notation/address.ts';
import { areaOfFrame } from '../../../../../reference/notation/frame.ts';
import type { AnyArguments } from '../../../../../reference/notation/signature.ts';
import { type AreaRun, areaRunArray, areaRunsOf, withoutAreaPages } from '../../c/area-runs.ts';
import type { Lists } from '../../c/lists.ts';
import { hex } from '../../c/text.ts';
import { at, type PlainCalls } from './call.ts';

/** Calls that fill, empty and look up pages of one VMA. */

/** Calls a function with the CPU, the VMA, the address, and further arguments. */
const onVma = (
  name: string,
  { cpu, args: [vma, address] }: Step<readonly [Address, Address, ...AnyArguments]>,
  ...more: readonly (number | string)[]
): string => `${name}(${[cpu, at(vma), at(address), ...more].join(', ')})`;

/** Runs of pages of areas as a C array. */
const areaRuns = (runs: readonly AreaRun[]): string =>
  areaRunArray('mm_area_run', runs, (run) => `${run.at}, ${run.pages}, a[${run.area}].start + ${run.page} * PAGE_SIZE`);

/** The numbers of Linux. */
const ADVICE = { dontneed: 4, free: 8, cold: 20, pageout: 21 } as const;

/** A call that returns 0 and stores what it finds in `found`, or returns a negative errno. */
const finding = (call: string): string => `struct mm_reached found = { 0 };
	int ret = ${call};

	if (ret)
		answer_errno(o, ret);
	else
		answer_reached(o, found);`;

type MapStep = StepOf<'vm_map_pages' | 'vm_map_pages_zero'>;

/** A call that maps a list of frames in a whole VMA, and the C function for a list with pages of areas. */
const mapsPages = (name: MapStep['call']['name'], ofAreas: string) => ({
  prototype: `int mm_${name}(unsigned int cpu, uint64_t vma, const unsigned int *frames, unsigned long n);
/* The same for a list of frames and runs of pages of areas. */
int ${ofAreas}(unsigned int cpu, uint64_t vma, const unsigned int *frames, unsigned long n,
	const struct mm_area_run *runs, unsigned long nruns);`,
  write({ cpu, args: [vma, frames] }: MapStep, lists: Lists) {
    const runs = areaRunsOf(frames);
    const given = [cpu, at(vma), lists.name(withoutAreaPages(frames)), frames.length].join(', ');
    const call = runs.length === 0 ? `mm_${name}(${given})` : `${ofAreas}(${given}, ${areaRuns(runs)}, ${runs.length})`;
    return `answer_errno(o, ${call});`;
  },
});

export const PTE_CALLS = {
  remap_pfn_range: {
    prototype:
      'int mm_remap_pfn_range(unsigned int cpu, uint64_t vma, uint64_t addr, unsigned int frame, uint64_t size);',
    write: (step) => `answer_errno(o, ${onVma('mm_remap_pfn_range', step, step.args[2], hex(step.args[3]))});`,
  },
  vm_insert_page: {
    prototype: `int mm_vm_insert_page(unsigned int cpu, uint64_t vma, uint64_t addr, unsigned int frame);
/* The same for the page that an area maps at an address. */
int mm_vm_insert_area_page(unsigned int cpu, uint64_t vma, uint64_t addr, uint64_t page);`,
    write(step) {
      const of = areaOfFrame(step.args[2]);
      const call = of
        ? onVma('mm_vm_insert_area_page', step, `a[${of.area}].start + ${of.page} * PAGE_SIZE`)
        : onVma('mm_vm_insert_page', step, step.args[2]);
      return `answer_errno(o, ${call});`;
    },
  },
  vm_insert_pages: {
    prototype: `/* left: the number of frames, which becomes the number of those that were not inserted. */
int mm_vm_insert_pages(unsigned int cpu, uint64_t vma, uint64_t addr, const unsigned int *frames, unsigned long *left);
/* The same for a list of frames and runs of pages of areas. */
int mm_vm_insert_area_pages(unsigned int cpu, uint64_t vma, uint64_t addr, const unsigned int *frames,
			    const struct mm_area_run *runs, unsigned long nruns, unsigned long *left);`,
    write(step, lists) {
      const frames = step.args[2];
      const runs = areaRunsOf(frames);
      const list = lists.name(withoutAreaPages(frames));
      const call =
        runs.length === 0
          ? onVma('mm_vm_insert_pages', step, list, '&o->left')
          : onVma('mm_vm_insert_area_pages', step, list, areaRuns(runs), runs.length, '&o->left');
      return `o->left = ${frames.length};\n\tanswer_errno(o, ${call});`;
    },
  },
  vm_map_pages: mapsPages('vm_map_pages', 'mm_vm_map_area_pages'),
  vm_map_pages_zero: mapsPages('vm_map_pages_zero', 'mm_vm_map_area_pages_zero'),
  remap_vmalloc_range: {
    prototype:
      '/* area: the first address of an area. */\nint mm_remap_vmalloc_range(unsigned int cpu, uint64_t vma, uint64_t area, unsigned long pgoff);',
    write: ({ cpu, args: [vma, area, first] }) =>
      `answer_errno(o, mm_remap_vmalloc_range(${cpu}, ${at(vma)}, ${at(area)}, ${first}));`,
  },
  vmf_insert_pfn: {
    prototype: `/* Returns one of the VM_FAULT_ values above. */
unsigned int mm_vmf_insert_pfn(unsigned int cpu, uint64_t vma, uint64_t addr, unsigned int frame);`,
    write: (step) => `o->kind = VMFAULT;\n\to->number = ${onVma('mm_vmf_insert_pfn', step, step.args[2])};`,
  },
  vmf_insert_mixed: {
    prototype: `/* The same for a VM_MIXEDMAP VMA. */
unsigned int mm_vmf_insert_mixed(unsigned int cpu, uint64_t vma, uint64_t addr, unsigned int frame);`,
    write: (step) => `o->kind = VMFAULT;\n\to->number = ${onVma('mm_vmf_insert_mixed', step, step.args[2])};`,
  },
  fault: {
    prototype: `/* Reads as user space does. Where nothing is mapped, the fault handler of the VMA inserts the frame by number. */
struct mm_reached mm_fault(unsigned int cpu, uint64_t addr, unsigned int frame);`,
    write: ({ cpu, args: [address, frame] }) => `answer_reached(o, mm_fault(${cpu}, ${at(address)}, ${frame}));`,
  },
  zap_vma_ptes: {
    prototype: `/* Returns MM_VOID if the implementation returns nothing. */
int mm_zap_vma_ptes(unsigned int cpu, uint64_t vma, uint64_t addr, uint64_t size);`,
    write: (step) => `answer_errno(o, ${onVma('mm_zap_vma_ptes', step, hex(step.args[2]))});`,
  },
  madvise: {
    prototype: `/* advice: as in <sys/mman.h> of Linux, such as MADV_DONTNEED (4). */
int mm_madvise(unsigned int cpu, uint64_t vma, uint64_t addr, uint64_t size, int advice);`,
    write: (step) => `answer_errno(o, ${onVma('mm_madvise', step, hex(step.args[2]), ADVICE[step.args[3]])});`,
  },
  follow_pfn: {
    prototype: `/* Returns 0 and what is mapped there, or a negative errno. */
int mm_follow_pfn(unsigned int cpu, uint64_t vma, uint64_t addr, struct mm_reached *found);`,
    write: (step) => finding(onVma('mm_follow_pfn', step, '&found')),
  },
  follow_pfnmap_start: {
    prototype: `/* Returns 0 and what the page table entry says, or a negative errno. */
int mm_follow_pfnmap_start(unsigned int cpu, uint64_t vma, uint64_t addr, bool *writable, bool *special);`,
    write: (step) => `bool writable, special;
	int ret = ${onVma('mm_follow_pfnmap_start', step, '&writable', '&special')};

	answer_errno(o, ret ? ret : ${step.args[2]});`,
  },
  get_user_pages: {
    prototype: `/* Returns 0 and the page that is found, or a negative errno. The caller gets no reference. */
int mm_get_user_pages(unsigned int cpu, uint64_t addr, struct mm_reached *found);`,
    write: ({ cpu, args: [address] }) => finding(`mm_get_user_pages(${cpu}, ${at(address)}, &found)`),
  },
} satisfies Partial<PlainCalls>;
