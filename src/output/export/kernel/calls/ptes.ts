import type { StepOf } from '../../../../../reference/calls/index.ts';
import { areaOfFrame, isPoolFrame } from '../../../../../reference/notation/frame.ts';
import { areaRunsOf, withoutAreaPages } from '../../c/area-runs.ts';
import type { Lists } from '../../c/lists.ts';
import { hex, nameOf } from '../../c/text.ts';
import { ANSWER_ERRNO, IDENTIFY } from '../answers.ts';
import { piece } from '../piece.ts';
import { PROCESS } from '../process.ts';
import { areaRuns, VM_INSERT_AREA_PAGES } from './area-pages.ts';
import { FRAMES } from './areas.ts';
import { type KernelCalls, place, statement } from './call.ts';
import { VM_MAP_AREA_PAGES, VM_MAP_PAGES } from './map-pages.ts';
import { onVma, VMA_OF } from './on-vma.ts';

/** Calls that fill, empty and look up pages of one VMA. */

const REMAP_PFN_RANGE = onVma({
  name: 'do_remap_pfn_range',
  parameters: ['unsigned int frame', 'unsigned long size'],
  lock: 'write',
  body: `	if (vma)
		answer_errno(o, remap_pfn_range(vma, in->start + offset, page_to_pfn(pool + frame), size,
						vma->vm_page_prot));`,
  needs: [ANSWER_ERRNO],
});

const VM_INSERT_PAGE = onVma({
  name: 'do_vm_insert_page',
  parameters: ['struct page *page'],
  lock: 'read-if-mixed',
  body: `	if (vma && page)
		answer_errno(o, vm_insert_page(vma, in->start + offset, page));`,
  needs: [ANSWER_ERRNO],
});

const VM_INSERT_PAGES = onVma({
  name: 'do_vm_insert_pages',
  parameters: ['const u16 *list', 'unsigned int n'],
  lock: 'read-if-mixed',
  variables: '	struct page **pages;\n',
  body: `	pages = vma ? frames(list, n) : NULL;
	if (pages) {
		o->left = n;
		answer_errno(o, vm_insert_pages(vma, in->start + offset, pages, &o->left));
	}
	kvfree(pages);`,
  needs: [ANSWER_ERRNO, FRAMES],
});

const REMAP_VMALLOC_RANGE = piece(
  `
static void do_remap_vmalloc_range(struct named *name, struct named *area, unsigned long pgoff, struct outcome *o)
{
	struct vm_area_struct *vma;

	if (!name->bound || !area->bound)
		return;
	mmap_write_lock(mm);
	vma = vma_of(name);
	if (vma)
		answer_errno(o, remap_vmalloc_range(vma, (void *)area->start, pgoff));
	mmap_write_unlock(mm);
}`,
  VMA_OF,
  ANSWER_ERRNO,
);

const VMF_INSERT_PFN = onVma({
  name: 'do_vmf_insert_pfn',
  parameters: ['unsigned int frame'],
  lock: 'read',
  body: `	if (vma) {
		o->kind = VMFAULT;
		o->number = vmf_insert_pfn(vma, in->start + offset, page_to_pfn(pool + frame));
	}`,
});

const VMF_INSERT_MIXED = onVma({
  name: 'do_vmf_insert_mixed',
  parameters: ['unsigned int frame'],
  lock: 'read',
  before: `
#if __has_include(<linux/pfn_t.h>)
#include <linux/pfn_t.h>
#define PFN(page)	page_to_pfn_t(page)
#else
#define PFN(page)	page_to_pfn(page)
#endif
`,
  body: `	if (vma) {
		o->kind = VMFAULT;
		o->number = vmf_insert_mixed(vma, in->start + offset, PFN(pool + frame));
	}`,
});

const ZAP_VMA_PTES = onVma({
  name: 'do_zap_vma_ptes',
  parameters: ['unsigned long size'],
  lock: 'read',
  body: `	if (vma) {
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 1, 0)
		zap_special_vma_range(vma, in->start + offset, size);
#else
		zap_vma_ptes(vma, in->start + offset, size);
#endif
		o->kind = OK;
	}`,
});

const MADVISE = piece(
  `
/* do_madvise() is not exported: a probe finds it. It takes the mmap lock itself. */
static int advise(unsigned long addr, unsigned long size, int advice)
{
	static int (*call)(struct mm_struct *mm, unsigned long start, size_t len, int advice);
	struct kprobe probe = { .symbol_name = "do_madvise" };

	if (!READ_ONCE(call) && !register_kprobe(&probe)) {
		WRITE_ONCE(call, (void *)probe.addr);
		unregister_kprobe(&probe);
	}
	return call ? call(mm, addr, size, advice) : -ENOSYS;
}

static void do_advise(struct named *name, struct named *in, long offset, unsigned long size, int advice,
		      struct outcome *o)
{
	if (name->bound && in->bound)
		answer_errno(o, advise(in->start + offset, size, advice));
}`,
  PROCESS,
  ANSWER_ERRNO,
);

const FOLLOW_PFN = onVma({
  name: 'do_follow_pfn',
  parameters: [],
  lock: 'read',
  before: `
static int follow(struct vm_area_struct *vma, unsigned long addr, unsigned long *pfn)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	struct follow_pfnmap_args args = { .vma = vma, .address = addr };
	int ret = follow_pfnmap_start(&args);

	if (ret)
		return ret;
	*pfn = args.pfn;
	follow_pfnmap_end(&args);
	return 0;
#else
	return follow_pfn(vma, addr, pfn);
#endif
}
`,
  variables: `	unsigned long pfn;
	int ret;
`,
  body: `	if (vma) {
		ret = follow(vma, in->start + offset, &pfn);
		if (ret)
			answer_errno(o, ret);
		else if (!pfn_valid(pfn) || !identify(*(u64 *)page_address(pfn_to_page(pfn)), o))
			o->kind = OTHER;
	}`,
  needs: [IDENTIFY, ANSWER_ERRNO],
});

type MapStep = StepOf<'vm_map_pages' | 'vm_map_pages_zero'>;

/** `vm_map_pages`, or `vm_map_pages_zero` if `zero`. */
const mapsPages = (zero: boolean) => ({
  piece: VM_MAP_PAGES,
  pieceFor: ({ args: [, frames] }: MapStep) => (frames.every(isPoolFrame) ? VM_MAP_PAGES : VM_MAP_AREA_PAGES),
  statement({ args: [vma, frames] }: MapStep, lists: Lists) {
    const runs = areaRunsOf(frames);
    const list = lists.name(withoutAreaPages(frames));
    return runs.length === 0
      ? statement('do_vm_map_pages', nameOf(vma), list, frames.length, zero)
      : statement('do_vm_map_area_pages', nameOf(vma), list, frames.length, areaRuns(runs), runs.length, zero);
  },
});

export const PTE_CALLS = {
  remap_pfn_range: {
    piece: REMAP_PFN_RANGE,
    statement: ({ args: [vma, address, frame, size] }) =>
      statement('do_remap_pfn_range', nameOf(vma), place(address), frame, hex(size)),
  },
  vm_insert_page: {
    piece: VM_INSERT_PAGE,
    statement({ args: [vma, address, frame] }) {
      const of = areaOfFrame(frame);
      const page = of
        ? `a[${of.area}].bound ? vmalloc_to_page((void *)a[${of.area}].start + ${of.page} * PAGE_SIZE) : NULL`
        : `pool + ${frame}`;
      return statement('do_vm_insert_page', nameOf(vma), place(address), page);
    },
  },
  vm_insert_pages: {
    piece: VM_INSERT_PAGES,
    pieceFor: ({ args: [, , frames] }) => (frames.every(isPoolFrame) ? VM_INSERT_PAGES : VM_INSERT_AREA_PAGES),
    statement({ args: [vma, address, frames] }, lists) {
      const [target, at] = [nameOf(vma), place(address)];
      const runs = areaRunsOf(frames);
      if (runs.length === 0) return statement('do_vm_insert_pages', target, at, lists.name(frames), frames.length);
      const list = lists.name(withoutAreaPages(frames));
      return statement('do_vm_insert_area_pages', target, at, list, frames.length, areaRuns(runs), runs.length);
    },
  },
  vm_map_pages: mapsPages(false),
  vm_map_pages_zero: mapsPages(true),
  remap_vmalloc_range: {
    piece: REMAP_VMALLOC_RANGE,
    statement: ({ args: [vma, area, first] }) => statement('do_remap_vmalloc_range', nameOf(vma), nameOf(area), first),
  },
  vmf_insert_pfn: {
    piece: VMF_INSERT_PFN,
    statement: ({ args: [vma, address, frame] }) => statement('do_vmf_insert_pfn', nameOf(vma), place(address), frame),
  },
  vmf_insert_mixed: {
    piece: VMF_INSERT_MIXED,
    statement: ({ args: [vma, address, frame] }) =>
      statement('do_vmf_insert_mixed', nameOf(vma), place(address), frame),
  },
  fault: { unavailable: 'the VMAs that a module makes have no fault handler' },
  zap_vma_ptes: {
    piece: ZAP_VMA_PTES,
    statement: ({ args: [vma, address, size] }) => statement('do_zap_vma_ptes', nameOf(vma), place(address), hex(size)),
  },
  madvise: {
    piece: MADVISE,
    statement: ({ args: [vma, address, size, advice] }) =>
      statement('do_advise', nameOf(vma), place(address), hex(size), `MADV_${advice.toUpperCase()}`),
  },
  follow_pfn: {
    piece: FOLLOW_PFN,
    statement: ({ args: [vma, address] }) => statement('do_follow_pfn', nameOf(vma), place(address)),
  },
} satisfies Partial<KernelCalls>;
