import type { Piece } from './pieces.ts';

/** Observation: what a CPU reaches, what page tables say, counts. */
export const OBSERVE_PIECES: Readonly<Record<string, Piece>> = {
  identify: {
    text: `
static bool identify(u64 word, struct outcome *o)
{
	unsigned int id = word >> 20 & 0xfffff;

	if (word >> 40 != MAGIC || id >= nids)
		return false;
	o->kind = ids[id].kind;
	o->name = ids[id].name;
	o->page = ids[id].index;
	o->value = word & VALUE;
	return true;
}`,
  },
  do_vmalloc_to_page: {
    needs: ['identify'],
    text: `
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
  },
  do_is_vmalloc_addr: {
    text: `
static void do_is_vmalloc_addr(struct named *in, long offset, struct outcome *o)
{
	if (!in->bound)
		return;
	o->kind = NUMBER;
	o->number = is_vmalloc_addr((void *)(in->start + offset));
}`,
  },
  peek: {
    text: `
/* What this CPU reaches at an address, through its own TLB; nothing is faulted in. */
static bool peek(unsigned long addr, u64 *word)
{
	addr &= ~7UL;
	if ((long)addr >= 0)
		return !copy_from_user_nofault(word, (void __user *)addr, sizeof(*word));
	return !copy_from_kernel_nofault(word, (void *)addr, sizeof(*word));
}`,
  },
  do_read: {
    needs: ['peek', 'identify'],
    text: `
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
  },
  do_reread: {
    needs: ['do_read'],
    text: `
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
  },
  do_write: {
    needs: ['peek', 'identify'],
    text: `
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

/* Only what is ours is ever overwritten. */
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
  },
  do_page_count: {
    text: `
static void do_page_count(unsigned int frame, struct outcome *o)
{
	o->kind = NUMBER;
	o->number = page_count(pool + frame) - 1 - REFERENCES;
}`,
  },
  do_page_mapcount: {
    text: `
static void do_page_mapcount(unsigned int frame, struct outcome *o)
{
	o->kind = NUMBER;
	o->number = atomic_read(&pool[frame]._mapcount) + 1;
}`,
  },
};
