/** A function of the exported module, with what it needs; only what a program uses is written. */
export interface Piece {
  readonly needs?: readonly string[];
  readonly text: string;
}

/** Calls of the kernel side, and observation. */
export const KERNEL_PIECES: Readonly<Record<string, Piece>> = {
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
  answer_errno: {
    text: `
static void answer_errno(struct outcome *o, long ret)
{
	o->kind = ret < 0 ? ERRNO : NUMBER;
	o->number = ret;
}`,
  },
  answer_address: {
    text: `
static void answer_address(unsigned int name, void *addr, unsigned int pages, u8 origin, struct outcome *o)
{
	o->kind = addr ? ADDRESS : NIL;
	o->number = (unsigned long)addr;
	if (addr)
		a[name] = (struct named){ (unsigned long)addr, pages, true, true, origin };
}`,
  },
  frames: {
    text: `
static struct page **frames(const u16 *list, unsigned int n)
{
	struct page **pages = kvmalloc_array(n + 1, sizeof(*pages), GFP_KERNEL);
	unsigned int i;

	for (i = 0; pages && i < n; i++)
		pages[i] = pool + list[i];
	return pages;
}`,
  },
  adopt: {
    text: `
/* Pages that a call brought: held and stamped through the direct map. */
static void adopt(struct page *page, enum kind kind, unsigned int name, unsigned int index)
{
	if (nids == IDS)
		return;
	get_page(page);
	ids[nids] = (struct ident){ page, kind, name, index };
	stamp(nids++);
}`,
  },
  do_vmap: {
    needs: ['frames', 'answer_address'],
    text: `
static void do_vmap(unsigned int name, const u16 *list, unsigned int n, bool put, struct outcome *o)
{
	struct page **pages = frames(list, n);
	void *addr = NULL;
	unsigned int i;

	for (i = 0; put && pages && i < n; i++)
		get_page(pages[i]);
	if (pages)
		addr = vmap(pages, n, VM_MAP | (put ? VM_MAP_PUT_PAGES : 0), PAGE_KERNEL);
	answer_address(name, addr, n, put ? VMALLOC : VMAP, o);
	if (addr && put)
		return;		/* the array is the area's */
	for (i = 0; put && pages && i < n; i++)
		put_page(pages[i]);
	kvfree(pages);
}`,
  },
  do_vm_map_ram: {
    needs: ['frames', 'answer_address'],
    text: `
static void do_vm_map_ram(unsigned int name, const u16 *list, unsigned int n, struct outcome *o)
{
	struct page **pages = frames(list, n);

	answer_address(name, pages ? vm_map_ram(pages, n, -1) : NULL, n, RAM, o);
	kvfree(pages);
}`,
  },
  do_vmalloc: {
    needs: ['adopt', 'answer_address'],
    text: `
static void do_vmalloc(unsigned int name, unsigned long bytes, bool zeroed, struct outcome *o)
{
	unsigned int i, pages = PAGE_ALIGN(bytes) >> PAGE_SHIFT;
	void *addr = zeroed ? vzalloc(bytes) : vmalloc(bytes);

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
  },
  unmap: {
    text: `
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
}`,
  },
  do_unmap: {
    needs: ['unmap'],
    text: `
static void do_unmap(struct named *area, u8 origin, struct outcome *o)
{
	if (!area->bound)
		return;
	area->origin = origin;
	unmap(area);
	o->kind = OK;
}`,
  },
  do_vm_unmap_aliases: {
    text: `
static void do_vm_unmap_aliases(struct outcome *o)
{
	vm_unmap_aliases();
	o->kind = OK;
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
  level: {
    text: `
/*
 * A vmap block of this CPU may be partly used by somebody. Chunks are taken until a new block was begun and is used
 * up, and are given back: the next vm_map_ram() begins a block of its own.
 */
#define CHUNK	BITS_PER_LONG
#define WISHED	((128UL << 30) / PAGE_SIZE / roundup_pow_of_two(NR_CPUS) / 16)
#define BLOCK	(WISHED < 2 * CHUNK ? 2 * CHUNK : WISHED > 1024 ? 1024 : WISHED)
#define MOST	(2 * 1024 / CHUNK)

static void level(void)
{
	struct page *pages[CHUNK];
	void *chunk[MOST];
	unsigned int i, n, more = MOST;

	for (i = 0; i < CHUNK; i++)
		pages[i] = pool;
	for (n = 0; n < MOST && more; n++, more--) {
		chunk[n] = vm_map_ram(pages, CHUNK, -1);
		if (!chunk[n])
			break;
		if (more > BLOCK / CHUNK && !((unsigned long)chunk[n] & (BLOCK * PAGE_SIZE - 1)))
			more = BLOCK / CHUNK;
	}
	while (n--)
		vm_unmap_ram(chunk[n], CHUNK);
}`,
  },
};
