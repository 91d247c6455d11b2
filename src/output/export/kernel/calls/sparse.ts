import { hex, nameOf } from '../../c/text.ts';
import { ANSWER_ADDRESS, ANSWER_ERRNO } from '../answers.ts';
import { piece } from '../piece.ts';
import { SYMBOL } from '../symbol.ts';
import { FRAMES } from './areas.ts';
import { type KernelCalls, place, statement } from './call.ts';

/** Calls on sparse areas. Of these, the kernel exports only free_vm_area to modules. */

const GET_VM_AREA = piece(
  `
/* The flag exists since Linux 6.9. Before that, apply_to_page_range() can map pages in areas without a flag. */
#ifndef VM_SPARSE
#define VM_SPARSE 0
#endif
static void do_get_vm_area(unsigned int name, unsigned long bytes, struct outcome *o)
{
	struct vm_struct *(*get)(unsigned long, unsigned long) = symbol("get_vm_area");
	struct vm_struct *area;

	if (!get)
		return;
	area = get(bytes, VM_SPARSE);
	answer_address(name, area ? area->addr : NULL, PAGE_ALIGN(bytes) >> PAGE_SHIFT, VMAP, o);
}`,
  SYMBOL,
  ANSWER_ADDRESS,
);

const AREA_OF = piece(
  `
/* The descriptor of an area; NULL if the area was never bound. */
static struct vm_struct *area_of(struct named *area)
{
	struct vm_struct *(*find)(const void *) = symbol("find_vm_area");

	return area->bound && find ? find((void *)area->start) : NULL;
}`,
  SYMBOL,
);

const FREE_VM_AREA = piece(
  `
static void do_free_vm_area(struct named *area, struct outcome *o)
{
	struct vm_struct *found = area_of(area);

	if (!found)
		return;
	area->live = false;
	free_vm_area(found);
	o->kind = OK;
}`,
  AREA_OF,
);

const MAP_PAGES = piece(
  `
static void do_vm_area_map_pages(struct named *area, struct named *in, long offset, const u16 *list, unsigned int n,
				 struct outcome *o)
{
	int (*map)(struct vm_struct *, unsigned long, unsigned long, struct page **) = symbol("vm_area_map_pages");
	struct vm_struct *found = area_of(area);
	unsigned long start = in->start + offset;
	struct page **pages = frames(list, n);

	if (found && map && pages)
		answer_errno(o, map(found, start, start + n * PAGE_SIZE, pages));
	kvfree(pages);
}`,
  AREA_OF,
  FRAMES,
  ANSWER_ERRNO,
);

const APPLY = piece(
  `
#ifdef CONFIG_X86
struct unmapped {
	struct page **pages;
	unsigned long left;
};

/* Called for each page of a range: maps the next page of the list there. */
static int map_next(pte_t *pte, unsigned long addr, void *data)
{
	struct unmapped *list = data;

	if (!list->left)
		return -E2BIG;
	if (!pte_none(*pte))
		return -EBUSY;
	set_pte(pte, mk_pte(*list->pages++, PAGE_KERNEL));
	list->left--;
	return 0;
}

static void do_apply_to_page_range(struct named *area, struct named *in, long offset, const u16 *list, unsigned int n,
				   struct outcome *o)
{
	unsigned long (*find)(const char *) = symbol("kallsyms_lookup_name");
	struct mm_struct *kernel = find ? (void *)find("init_mm") : NULL;	/* data, so that no probe finds it */
	unsigned long start = in->start + offset;
	struct page **pages = frames(list, n);
	struct unmapped unmapped = { pages, n };

	if (area->bound && kernel && pages) {
		answer_errno(o, apply_to_page_range(kernel, start, n * PAGE_SIZE, map_next, &unmapped));
		flush_cache_vmap(start, start + n * PAGE_SIZE);
		o->left = unmapped.left;
	}
	kvfree(pages);
}
#else
static void do_apply_to_page_range(struct named *area, struct named *in, long offset, const u16 *list, unsigned int n,
				   struct outcome *o)
{
	/* The step is skipped: it is not known how a module sets a page-table entry of another architecture. */
}
#endif`,
  SYMBOL,
  FRAMES,
  ANSWER_ERRNO,
);

const APPLY_EXISTING = piece(
  `
#ifdef CONFIG_X86
struct unmapping {
	struct page *keep;
	unsigned long stop;
};

/* Called for each page that is mapped: unmaps it, or refuses the page to keep. */
static int unmap_other(pte_t *pte, unsigned long addr, void *data)
{
	struct unmapping *range = data;

	if (!pte_none(*pte) && pte_pfn(*pte) != page_to_pfn(range->keep)) {
		set_pte(pte, __pte(0));
		return 0;
	}
	range->stop = addr;
	return pte_none(*pte) ? -ENXIO : -EBUSY;
}

static void do_apply_to_existing_page_range(struct named *area, struct named *in, long offset, unsigned int frame,
					    unsigned long size, struct outcome *o)
{
	unsigned long (*find)(const char *) = symbol("kallsyms_lookup_name");
	struct mm_struct *kernel = find ? (void *)find("init_mm") : NULL;	/* data, so that no probe finds it */
	int (*apply)(struct mm_struct *, unsigned long, unsigned long, pte_fn_t, void *) =
		symbol("apply_to_existing_page_range");
	void (*flush)(unsigned long, unsigned long) = symbol("flush_tlb_kernel_range");
	unsigned long start = in->start + offset, end = start + size;
	struct unmapping range = { pool + frame, end };

	if (!area->bound || !kernel || !apply || !flush)
		return;
	answer_errno(o, apply(kernel, start, size, unmap_other, &range));
	if (size)
		flush(start, end);
	o->left = (end - range.stop) >> PAGE_SHIFT;
}
#else
static void do_apply_to_existing_page_range(struct named *area, struct named *in, long offset, unsigned int frame,
					    unsigned long size, struct outcome *o)
{
	/* The step is skipped: it is not known how a module sets a page-table entry of another architecture. */
}
#endif`,
  SYMBOL,
  ANSWER_ERRNO,
);

const UNMAP_PAGES = piece(
  `
static void do_vm_area_unmap_pages(struct named *area, struct named *in, long offset, unsigned long size,
				   struct outcome *o)
{
	void (*unmap)(struct vm_struct *, unsigned long, unsigned long) = symbol("vm_area_unmap_pages");
	struct vm_struct *found = area_of(area);
	unsigned long start = in->start + offset;

	if (!found || !unmap)
		return;
	unmap(found, start, start + size);
	o->kind = OK;
}`,
  AREA_OF,
);

export const SPARSE_CALLS = {
  get_vm_area: {
    piece: GET_VM_AREA,
    statement: ({ binds, args: [bytes] }) => statement('do_get_vm_area', binds, hex(bytes)),
  },
  free_vm_area: {
    piece: FREE_VM_AREA,
    statement: ({ args: [area] }) => statement('do_free_vm_area', nameOf(area)),
  },
  vm_area_map_pages: {
    piece: MAP_PAGES,
    statement: ({ args: [area, start, frames] }, lists) =>
      statement('do_vm_area_map_pages', nameOf(area), place(start), lists.name(frames), frames.length),
  },
  apply_to_page_range: {
    piece: APPLY,
    statement: ({ args: [area, start, frames] }, lists) =>
      statement('do_apply_to_page_range', nameOf(area), place(start), lists.name(frames), frames.length),
  },
  apply_to_existing_page_range: {
    piece: APPLY_EXISTING,
    statement: ({ args: [area, start, frame, bytes] }) =>
      statement('do_apply_to_existing_page_range', nameOf(area), place(start), frame, hex(bytes)),
  },
  vm_area_unmap_pages: {
    piece: UNMAP_PAGES,
    statement: ({ args: [area, start, bytes] }) =>
      statement('do_vm_area_unmap_pages', nameOf(area), place(start), hex(bytes)),
  },
} satisfies Partial<KernelCalls>;
