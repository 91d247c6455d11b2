import type { Step } from '../../../../../reference/calls/call.ts';
import type { Address } from '../../../../../reference/notation/address.ts';
import type { AnyArguments } from '../../../../../reference/notation/signature.ts';
import { IDENTIFY } from '../answers.ts';
import { type Piece, piece } from '../piece.ts';
import { SYMBOL } from '../symbol.ts';
import { type KernelCalls, place, statement } from './call.ts';

/** Observations: what a CPU reaches, what the page tables say, counts of frames. */

const VMALLOC_TO_PAGE = piece(
  `
static void do_vmalloc_to_page(struct named *in, long offset, struct outcome *o)
{
	struct page *page;

	if (!in->bound)
		return;
	page = vmalloc_to_page((void *)(in->start + offset));
	if (!page)
		o->kind = NIL;
	else if (!identify(*(u64 *)page_address(page), o))
		o->kind = OTHER;
}`,
  IDENTIFY,
);

const FIND_VM_AREA = piece(
  `
/* Other code may use addresses that the program has given back, and then its area is found there. */
static bool made_here(const struct vm_struct *area)
{
	struct page *page = vmalloc_to_page(area->addr);
	struct outcome owner;

	return within_module((unsigned long)area->caller, THIS_MODULE) &&
	       (!page || identify(*(u64 *)page_address(page), &owner));
}

static void do_find_vm_area(struct named *in, long offset, struct outcome *o)
{
	struct vm_struct *(*find)(const void *) = symbol("find_vm_area");
	void *addr = (void *)(in->start + offset);
	struct vm_struct *area;

	if (!in->bound || !find)
		return;
	area = find(addr);
	o->kind = !area ? NIL : area->addr == addr && made_here(area) ? NUMBER : OTHER;
	if (area)
		o->number = get_vm_area_size(area) >> PAGE_SHIFT;
}`,
  SYMBOL,
  IDENTIFY,
);

const VREAD = piece(
  `
static void do_vread(struct named *in, long offset, struct outcome *o)
{
	unsigned long addr = (in->start + offset) & ~7UL;
	u64 word = 0;
	long done;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	long (*read)(struct iov_iter *, const char *, size_t) = symbol("vread_iter");
	struct kvec part = { &word, sizeof(word) };
	struct iov_iter iter;
#else
	long (*read)(char *, char *, unsigned long) = symbol("vread");
#endif

	if (!in->bound || !read)
		return;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	iov_iter_kvec(&iter, ITER_DEST, &part, 1, sizeof(word));
	done = read(&iter, (char *)addr, sizeof(word));
#else
	done = read((char *)&word, (char *)addr, sizeof(word));
#endif
	if (!done)
		o->kind = NIL;
	else if (!identify(word, o))
		o->kind = OTHER;
}`,
  SYMBOL,
  IDENTIFY,
);

const IS_VMALLOC_ADDR = piece(`
static void do_is_vmalloc_addr(struct named *in, long offset, struct outcome *o)
{
	if (!in->bound)
		return;
	o->kind = NUMBER;
	o->number = is_vmalloc_addr((void *)(in->start + offset));
}`);

const PEEK = piece(`
/* What this CPU reaches at an address, through its own TLB; nothing is faulted in. */
static bool peek(unsigned long addr, u64 *word)
{
	addr &= ~7UL;
	if ((long)addr >= 0)
		return !copy_from_user_nofault(word, (void __user *)addr, sizeof(*word));
	return !copy_from_kernel_nofault(word, (void *)addr, sizeof(*word));
}`);

const READ = piece(
  `
static void do_read(struct named *in, long offset, struct outcome *o)
{
	u64 word;

	if (!in->bound)
		return;
	if (!peek(in->start + offset, &word))
		o->kind = FAULT;
	else if (!identify(word, o))
		o->kind = OTHER;
}`,
  PEEK,
  IDENTIFY,
);

const REREAD = piece(
  `
static void do_reread(struct named *in, long offset, struct outcome *o)
{
	unsigned long addr = in->start + offset;

#if defined(CONFIG_X86_64)
	asm volatile("invlpg (%0)" : : "r" (addr) : "memory");
#elif defined(CONFIG_ARM64)
	asm volatile("dsb nshst; tlbi vaae1, %0; dsb nsh; isb" : : "r" (addr >> 12 & ((1UL << 44) - 1)) : "memory");
#endif
	do_read(in, offset, o);
}`,
  READ,
);

const WRITE = piece(
  `
static bool poke(unsigned long addr, u64 word)
{
	unsigned long left;

	if ((long)addr >= 0) {
		pagefault_disable();
		left = __copy_to_user_inatomic((void __user *)addr, &word, sizeof(word));
		pagefault_enable();
		return !left;
	}
	pagefault_disable();
#if defined(arch_put_kernel_nofault)
	arch_put_kernel_nofault((void *)addr, &word, u64, fault);
#else
	__put_kernel_nofault((void *)addr, &word, u64, fault);
#endif
	pagefault_enable();
	return true;
fault:
	pagefault_enable();
	return false;
}

/* Overwrites only pages that it can identify. */
static void do_write(struct named *in, long offset, unsigned int value, struct outcome *o)
{
	unsigned long addr = (in->start + offset) & ~7UL;
	u64 word;

	if (!in->bound)
		return;
	if (!peek(addr, &word))
		o->kind = FAULT;
	else if (!identify(word, o))
		o->kind = OTHER;
	else if (!poke(addr, (word & ~(u64)VALUE) | value))
		o->kind = FAULT;
	o->value = 0;
}`,
  PEEK,
  IDENTIFY,
);

const PAGE_COUNT = piece(`
static void do_page_count(unsigned int frame, struct outcome *o)
{
	o->kind = NUMBER;
	o->number = page_count(pool + frame) - 1 - REFERENCES;
}`);

const PAGE_MAPCOUNT = piece(`
static void do_page_mapcount(unsigned int frame, struct outcome *o)
{
	o->kind = NUMBER;
	o->number = atomic_read(&pool[frame]._mapcount) + 1;
}`);

/** A call that looks at one address. */
const looking = (needed: Piece, name: string) => ({
  piece: needed,
  statement: ({ args: [address] }: Step<readonly [Address, ...AnyArguments]>) => statement(name, place(address)),
});

export const OBSERVE_CALLS = {
  vmalloc_to_page: looking(VMALLOC_TO_PAGE, 'do_vmalloc_to_page'),
  find_vm_area: looking(FIND_VM_AREA, 'do_find_vm_area'),
  vread: looking(VREAD, 'do_vread'),
  is_vmalloc_addr: looking(IS_VMALLOC_ADDR, 'do_is_vmalloc_addr'),
  read: looking(READ, 'do_read'),
  reread: looking(REREAD, 'do_reread'),
  write: { piece: WRITE, statement: ({ args: [address, value] }) => statement('do_write', place(address), value) },
  page_count: { piece: PAGE_COUNT, statement: ({ args: [frame] }) => statement('do_page_count', frame) },
  page_mapcount: { piece: PAGE_MAPCOUNT, statement: ({ args: [frame] }) => statement('do_page_mapcount', frame) },
  allocated_pages: {
    unavailable: 'a module sees only the pages that vmalloc of all users has allocated, not those of the program',
  },
  fail_after: {
    unavailable:
      "failing a chosen allocation takes the kernel's fault injection (CONFIG_FAULT_INJECTION), which this form does not set up",
  },
  flush_tlb: { unavailable: 'Linux flushes for its callers, so no module has to' },
} satisfies Partial<KernelCalls>;
