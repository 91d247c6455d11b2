import { areaOfFrame } from '../../../../../reference/notation/frame.ts';
import { hex, nameOf, prototype } from '../../c/text.ts';
import { ANSWER_ERRNO, IDENTIFY } from '../answers.ts';
import { type Piece, piece } from '../piece.ts';
import { PROCESS } from '../process.ts';
import { FRAMES } from './areas.ts';
import { type KernelCalls, place, statement } from './call.ts';

/** Calls that fill, empty and look up pages of one VMA. */

const VMA_OF = piece(
  `
/* The VMA that a name stands for; the caller holds the mmap lock. */
static struct vm_area_struct *vma_of(const struct named *name)
{
	struct vm_area_struct *vma = find_vma(mm, name->start);

	return vma && vma->vm_start <= name->start ? vma : NULL;
}`,
  PROCESS,
);

interface OnVma {
  readonly name: string;
  /** Parameters besides the VMA and the address. */
  readonly parameters: readonly string[];
  readonly lock: 'read' | 'write';
  /** C declarations besides that of `vma`. */
  readonly variables?: string;
  /** C statements that make the call where `vma` is not NULL, and record the answer. */
  readonly body: string;
  /** C functions that only this one calls. */
  readonly before?: string;
  readonly needs?: readonly Piece[];
}

/** A C function that looks up a VMA and makes a call for it, both under the mmap lock. */
export const onVma = ({ name, parameters, lock, variables = '', body, before = '', needs = [] }: OnVma): Piece =>
  piece(
    `${before}
${prototype(name, ['struct named *name', 'struct named *in', 'long offset', ...parameters, 'struct outcome *o'])}
{
	struct vm_area_struct *vma;
${variables}
	if (!name->bound || !in->bound)
		return;
	mmap_${lock}_lock(mm);
	vma = vma_of(name);
${body.trimEnd()}
	mmap_${lock}_unlock(mm);
}`,
    VMA_OF,
    ...needs,
  );

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
  lock: 'write',
  body: `	if (vma && page)
		answer_errno(o, vm_insert_page(vma, in->start + offset, page));`,
  needs: [ANSWER_ERRNO],
});

const VM_INSERT_PAGES = onVma({
  name: 'do_vm_insert_pages',
  parameters: ['const u16 *list', 'unsigned int n'],
  lock: 'write',
  variables: '	struct page **pages;\n',
  body: `	pages = vma ? frames(list, n) : NULL;
	if (pages) {
		o->left = n;
		answer_errno(o, vm_insert_pages(vma, in->start + offset, pages, &o->left));
	}
	kvfree(pages);`,
  needs: [ANSWER_ERRNO, FRAMES],
});

const VM_MAP_PAGES = piece(
  `
static void do_vm_map_pages(struct named *name, const u16 *list, unsigned int n, bool zero, struct outcome *o)
{
	struct vm_area_struct *vma;
	struct page **pages;

	if (!name->bound)
		return;
	mmap_write_lock(mm);
	vma = vma_of(name);
	pages = vma ? frames(list, n) : NULL;
	if (pages)
		answer_errno(o, zero ? vm_map_pages_zero(vma, pages, n) : vm_map_pages(vma, pages, n));
	kvfree(pages);
	mmap_write_unlock(mm);
}`,
  VMA_OF,
  ANSWER_ERRNO,
  FRAMES,
);

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
    statement: ({ args: [vma, address, frames] }, lists) =>
      statement('do_vm_insert_pages', nameOf(vma), place(address), lists.name(frames), frames.length),
  },
  vm_map_pages: {
    piece: VM_MAP_PAGES,
    statement: ({ args: [vma, frames] }, lists) =>
      statement('do_vm_map_pages', nameOf(vma), lists.name(frames), frames.length, false),
  },
  vm_map_pages_zero: {
    piece: VM_MAP_PAGES,
    statement: ({ args: [vma, frames] }, lists) =>
      statement('do_vm_map_pages', nameOf(vma), lists.name(frames), frames.length, true),
  },
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
