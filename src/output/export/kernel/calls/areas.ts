import type { Step } from '../../../../../reference/calls/call.ts';
import type { Address } from '../../../../../reference/notation/address.ts';
import type { AnyArguments } from '../../../../../reference/notation/signature.ts';
import { hex, nameOf } from '../../c/text.ts';
import { ADOPT, ANSWER_ADDRESS, IDENTIFY } from '../answers.ts';
import { type Piece, piece } from '../piece.ts';
import { SYMBOL } from '../symbol.ts';
import { type KernelCalls, statement } from './call.ts';

/** Calls that map and unmap kernel areas. */

/** Makes an array of the pages of a list of frames; the caller frees it. NULL if there is no memory. */
export const FRAMES = piece(`
static struct page **frames(const u16 *list, unsigned int n)
{
	struct page **pages = kvmalloc_array(n + 1, sizeof(*pages), GFP_KERNEL);
	unsigned int i;

	for (i = 0; pages && i < n; i++)
		pages[i] = pool + list[i];
	return pages;
}`);

const VMAP = piece(
  `
static void do_vmap(unsigned int name, const u16 *list, unsigned int n, bool put, bool null, pgprot_t prot,
		    struct outcome *o)
{
	struct page **pages = frames(list, n);
	void *addr = NULL;
	unsigned int i;

	if (pages)
		pages[n] = NULL;
	for (i = 0; put && pages && i < n; i++)
		get_page(pages[i]);
	if (pages)
		addr = vmap(pages, n + null, VM_MAP | (put ? VM_MAP_PUT_PAGES : 0), prot);
	answer_address(name, addr, n, put ? VMALLOC : VMAP, o);
	if (addr && put)
		return;		/* the area owns the array */
	for (i = 0; put && pages && i < n; i++)
		put_page(pages[i]);
	kvfree(pages);
}`,
  FRAMES,
  ANSWER_ADDRESS,
);

const VM_MAP_RAM = piece(
  `
static void do_vm_map_ram(unsigned int name, const u16 *list, unsigned int n, struct outcome *o)
{
	struct page **pages = frames(list, n);

	answer_address(name, pages ? vm_map_ram(pages, n, -1) : NULL, n, RAM, o);
	kvfree(pages);
}`,
  FRAMES,
  ANSWER_ADDRESS,
);

const VMALLOC = piece(
  `
enum how { PLAIN_MEMORY, ZEROED_MEMORY, USER_MEMORY, HUGE_MEMORY };

static void *allocate(unsigned long bytes, enum how how)
{
	switch (how) {
	case ZEROED_MEMORY:
		return vzalloc(bytes);
	case USER_MEMORY:
		return vmalloc_user(bytes);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 18, 0)
	case HUGE_MEMORY:
		return vmalloc_huge(bytes, GFP_KERNEL);
#endif
	default:
		return vmalloc(bytes);
	}
}

static void do_vmalloc(unsigned int name, unsigned long bytes, enum how how, struct outcome *o)
{
	unsigned int i, pages = PAGE_ALIGN(bytes) >> PAGE_SHIFT;
	bool zeroed = how == ZEROED_MEMORY || how == USER_MEMORY;
	void *addr = allocate(bytes, how);

	answer_address(name, addr, pages, VMALLOC, o);
	for (i = 0; addr && i < pages; i++) {
		struct page *page = vmalloc_to_page(addr + i * PAGE_SIZE);

		if (!page)
			continue;
		if (zeroed && memchr_inv(page_address(page), 0, PAGE_SIZE))
			o->value = 1;	/* dirty */
		adopt(page, AREA_PAGE, name, i);
	}
}`,
  ADOPT,
  ANSWER_ADDRESS,
);

const VREALLOC = piece(
  `
/* Stamps a page of memory that was reallocated. The words of the same page of the old area keep their values. */
static void adopt_again(struct page *page, unsigned int name, unsigned int index, long old)
{
	u64 *word = page_address(page), *before = kmemdup(word, PAGE_SIZE, GFP_KERNEL);
	struct outcome was;
	unsigned long i;

	adopt(page, AREA_PAGE, name, index);
	for (i = 0; before && i < PAGE_SIZE / sizeof(*word); i++)
		if (identify(before[i], &was) && was.kind == AREA_PAGE && was.name == old && was.page == index)
			word[i] |= was.value;
	kfree(before);
}

/* old: the number of the area, -1 for NULL. */
static void do_vrealloc(unsigned int name, struct named *area, long old, unsigned long bytes, struct outcome *o)
{
	void *(*resize)(const void *, size_t, gfp_t) = symbol("vrealloc_noprof");
	void *(*resize_on)(const void *, size_t, unsigned long, gfp_t, int) = symbol("vrealloc_node_align_noprof");
	unsigned long i, pages = PAGE_ALIGN(bytes) >> PAGE_SHIFT;
	void *addr, *given = (void *)area->start;

	if (!area->bound || (!resize && !resize_on))
		return;
	addr = resize_on ? resize_on(given, bytes, 1, GFP_KERNEL, NUMA_NO_NODE) : resize(given, bytes, GFP_KERNEL);
	if (addr || !bytes)
		area->live = false;
	answer_address(name, addr, pages, VMALLOC, o);
	for (i = 0; addr && i < pages; i++) {
		struct page *page = vmalloc_to_page(addr + i * PAGE_SIZE);

		if (page)
			adopt_again(page, name, i, old);
	}
}`,
  ADOPT,
  IDENTIFY,
  ANSWER_ADDRESS,
  SYMBOL,
);

/** Also used to clean up after the program. */
export const UNMAP: Piece = piece(`
static void unmap(struct named *area)
{
	void *addr = (void *)area->start;

	area->live = false;
	switch (area->origin) {
	case VMAP:
		vunmap(addr);
		break;
	case RAM:
		vm_unmap_ram(addr, area->pages);
		break;
	default:
		vfree(addr);
		break;
	}
}`);

const DO_UNMAP = piece(
  `
static void do_unmap(struct named *area, u8 origin, struct outcome *o)
{
	if (!area->bound)
		return;
	area->origin = origin;
	unmap(area);
	o->kind = OK;
}`,
  UNMAP,
);

const VFREE_ATOMIC = piece(
  `
/* The worker frees the area; it may still be mapped when the program ends. */
static void do_vfree_atomic(struct named *area, struct outcome *o)
{
	void (*later)(const void *) = symbol("vfree_atomic");

	if (!area->bound || !later)
		return;
	area->live = false;
	preempt_disable();
	later((void *)area->start);
	preempt_enable();
	o->kind = OK;
}`,
  SYMBOL,
);

const VM_UNMAP_ALIASES = piece(`
static void do_vm_unmap_aliases(struct outcome *o)
{
	vm_unmap_aliases();
	o->kind = OK;
}`);

const RECLAIM = piece(
  `
static void do_reclaim(struct outcome *o)
{
	void (*drop)(void) = symbol("drop_slab");

	if (!drop)
		return;
	drop();
	o->kind = OK;
}`,
  SYMBOL,
);

/** `origin`: the kind of area that the call is for, whatever the area is. */
const unmapping = (origin: 'VMAP' | 'RAM' | 'VMALLOC') => ({
  piece: DO_UNMAP,
  statement: ({ args: [area] }: Step<readonly [Address, ...AnyArguments]>) =>
    statement('do_unmap', nameOf(area), origin),
});

export const AREA_CALLS = {
  vmap: {
    piece: VMAP,
    statement({ binds, args: [frames, flags = []] }, lists) {
      const protection = flags.includes('read_only') ? 'PAGE_KERNEL_RO' : 'PAGE_KERNEL';
      const given = ['put_pages', 'null'].map((flag) => flags.includes(flag));
      return statement('do_vmap', binds, lists.name(frames), frames.length, ...given, protection);
    },
  },
  vunmap: unmapping('VMAP'),
  vm_map_ram: {
    piece: VM_MAP_RAM,
    statement: ({ binds, args: [frames] }, lists) =>
      statement('do_vm_map_ram', binds, lists.name(frames), frames.length),
  },
  vm_unmap_ram: unmapping('RAM'),
  vm_unmap_aliases: { piece: VM_UNMAP_ALIASES, statement: () => statement('do_vm_unmap_aliases') },
  reclaim: { piece: RECLAIM, statement: () => statement('do_reclaim') },
  vmalloc: {
    piece: VMALLOC,
    statement: ({ binds, args: [bytes] }) => statement('do_vmalloc', binds, hex(bytes), 'PLAIN_MEMORY'),
  },
  vzalloc: {
    piece: VMALLOC,
    statement: ({ binds, args: [bytes] }) => statement('do_vmalloc', binds, hex(bytes), 'ZEROED_MEMORY'),
  },
  vmalloc_user: {
    piece: VMALLOC,
    statement: ({ binds, args: [bytes] }) => statement('do_vmalloc', binds, hex(bytes), 'USER_MEMORY'),
  },
  vmalloc_huge: {
    piece: VMALLOC,
    statement: ({ binds, args: [bytes] }) => statement('do_vmalloc', binds, hex(bytes), 'HUGE_MEMORY'),
  },
  vfree: unmapping('VMALLOC'),
  vrealloc: {
    piece: VREALLOC,
    statement({ binds, args: [area, bytes] }) {
      const old = area.base === 'a' ? area.index : -1;
      return statement('do_vrealloc', binds, nameOf(area), old, hex(bytes));
    },
  },
  vfree_atomic: {
    piece: VFREE_ATOMIC,
    statement: ({ args: [area] }) => statement('do_vfree_atomic', nameOf(area)),
  },
} satisfies Partial<KernelCalls>;
