/** A function of the exported module, with what it needs; only what a program uses is written. */
export interface Piece {
  readonly needs?: readonly string[];
  readonly text: string;
}

/** Calls that map and unmap on the kernel side. */
export const KERNEL_PIECES: Readonly<Record<string, Piece>> = {
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
		bind_name(&a[name], (unsigned long)addr, pages, origin);
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
	static DEFINE_SPINLOCK(lock);

	spin_lock(&lock);
	if (nids < IDS) {
		get_page(page);
		ids[nids] = (struct ident){ page, kind, name, index };
		stamp(nids++);
	}
	spin_unlock(&lock);
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
