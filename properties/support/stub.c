/*
 * A conforming implementation for programs that were exported as C: page tables without a TLB, and addresses that are
 * never reused. It includes the exported program, to use its types. Variables of the environment change it: with KEEPS it
 * does not conform, since kernel areas stay mapped when they are unmapped; GUARD is the number of pages between areas.
 */
#include PROGRAM

#include <stdlib.h>
#include <string.h>

enum { PAGES = 8192, WINDOW = 65536, KERNEL = 0, USER = 1, CHILD = 2, SIDES, OBJECTS = 8, NONE = -1 };

static struct page {
	int kind;
	unsigned int name, index;
	int refs, maps;
	unsigned int value[4096 / 8];
} page[PAGES];
static int pages;
static int pte[SIDES][WINDOW];
static struct vma {
	uint64_t start, pages, offset;
	enum mm_vma kind;
	unsigned int object, name;
	bool private_copy, live, counted[4096];
	bool unreadable, unwritable, dont_copy, of_child;
} vma[512];
static bool in_child;
static int vmas, next[2], frames_made, fails = -1;
static unsigned int put[WINDOW];
static bool sealed[WINDOW];	/* pages of areas that can only be read */
static uint64_t user_pages[WINDOW];	/* of areas that user VMAs may map */

static const uint64_t base[2] = { 0xffffc90000000000, 0x200000000 };

static void make_frames(void)
{
	int i, side;

	if (frames_made)
		return;
	frames_made = 1;
	for (i = 0; i < FRAMES; i++)
		page[pages++] = (struct page){ MM_FRAME, 0, i, 0, 0, { 0 } };
	for (side = 0; side < SIDES; side++)
		for (i = 0; i < WINDOW; i++)
			pte[side][i] = NONE;
}

static int *slot(uint64_t addr)
{
	int side;

	make_frames();
	for (side = 0; side < 2; side++)
		if (addr >= base[side] && addr - base[side] < (uint64_t)WINDOW * PAGE_SIZE)
			return &pte[side == USER && in_child ? CHILD : side][(addr - base[side]) / PAGE_SIZE];
	return NULL;
}

static struct mm_reached reach(uint64_t addr, int nothing)
{
	int *entry = slot(addr);
	struct page *p;

	if (!entry || *entry == NONE)
		return (struct mm_reached){ .kind = nothing };
	p = &page[*entry];
	return (struct mm_reached){ p->kind, p->name, p->index, p->value[addr % PAGE_SIZE / 8] };
}

static uint64_t take(int side, uint64_t n)
{
	const char *guard = getenv("GUARD");
	uint64_t addr;

	make_frames();
	if (fails >= 0 && fails-- == 0)
		return 0;
	addr = base[side] + (uint64_t)next[side] * PAGE_SIZE;
	next[side] += n + (side == KERNEL && guard ? (uint64_t)atoi(guard) : 2);
	return addr;
}

static struct vma *vma_at(uint64_t addr)
{
	int i;

	for (i = vmas - 1; i >= 0; i--)
		if (vma[i].live && vma[i].of_child == in_child && addr >= vma[i].start &&
		    addr < vma[i].start + vma[i].pages * PAGE_SIZE)
			return &vma[i];
	return NULL;
}

static void empty(struct vma *of, uint64_t at)
{
	int *entry = slot(of->start + at * PAGE_SIZE);

	if (*entry != NONE && of->counted[at]) {
		page[*entry].refs--;
		page[*entry].maps--;
	}
	of->counted[at] = false;
	*entry = NONE;
}

uint64_t mm_vmap(unsigned int cpu, const unsigned int *list, unsigned int n, bool put_pages)
{
	uint64_t addr = n ? take(KERNEL, n) : 0;
	unsigned int i;

	(void)cpu;
	for (i = 0; addr && i < n; i++) {
		*slot(addr + i * (uint64_t)PAGE_SIZE) = list[i];
		if (put_pages)
			page[list[i]].refs++;
	}
	if (addr)
		put[(addr - base[KERNEL]) / PAGE_SIZE] = put_pages ? n : 0;
	return addr;
}

uint64_t mm_vmap_with(unsigned int cpu, const unsigned int *list, unsigned int n, bool put_pages, bool read_only, bool null)
{
	uint64_t addr = null ? 0 : mm_vmap(cpu, list, n, put_pages);
	unsigned int i;

	for (i = 0; addr && i < n; i++)
		sealed[(addr - base[KERNEL]) / PAGE_SIZE + i] = read_only;
	return addr;
}

static void clear_area(uint64_t addr)
{
	unsigned int i, n = put[(addr - base[KERNEL]) / PAGE_SIZE];

	if (getenv("KEEPS"))
		return;
	for (i = 0; *slot(addr + i * (uint64_t)PAGE_SIZE) != NONE; i++) {
		if (i < n)
			page[*slot(addr + i * (uint64_t)PAGE_SIZE)].refs--;
		*slot(addr + i * (uint64_t)PAGE_SIZE) = NONE;
	}
}

uint64_t mm_hole(void) { return base[KERNEL] + (uint64_t)(WINDOW - 16) * PAGE_SIZE; }
void mm_vunmap(unsigned int cpu, uint64_t addr) { (void)cpu; if (addr && slot(addr)) clear_area(addr); }
void mm_vfree(unsigned int cpu, uint64_t addr) { mm_vunmap(cpu, addr); }
void mm_vm_unmap_aliases(unsigned int cpu) { (void)cpu; }
void mm_fail_after(unsigned int cpu, unsigned int after) { (void)cpu; fails = after; }

void mm_vfree_atomic(unsigned int cpu, uint64_t addr) { mm_vfree(cpu, addr); }

/* The pages of the sparse area that starts there. */
static unsigned int reserved[WINDOW];

static unsigned int *sparse_pages(uint64_t area) { return &reserved[(area - base[KERNEL]) / PAGE_SIZE]; }

uint64_t mm_get_vm_area(unsigned int cpu, uint64_t bytes)
{
	uint64_t n = (bytes + PAGE_SIZE - 1) / PAGE_SIZE, addr = n ? take(KERNEL, n) : 0;

	(void)cpu;
	if (addr)
		*sparse_pages(addr) = n;
	return addr;
}

static bool in_area(uint64_t area, uint64_t start, uint64_t size)
{
	return start >= area && start + size <= area + *sparse_pages(area) * (uint64_t)PAGE_SIZE;
}

int mm_vm_area_map_pages(unsigned int cpu, uint64_t area, uint64_t start, const unsigned int *list, unsigned long n)
{
	unsigned long i;

	(void)cpu;
	if (!in_area(area, start, n * (uint64_t)PAGE_SIZE))
		return -ERANGE;
	for (i = 0; i < n; i++)
		*slot(start + i * (uint64_t)PAGE_SIZE) = list[i];
	return 0;
}

int mm_apply_to_page_range(unsigned int cpu, uint64_t start, const unsigned int *list, unsigned long *left)
{
	int *entry = slot(start);

	(void)cpu;
	if (!*left)
		return -EINVAL;
	for (; *left; --*left, entry++) {
		if (*entry != NONE)
			return -EBUSY;
		*entry = *list++;
	}
	return 0;
}

int mm_apply_to_existing_page_range(unsigned int cpu, uint64_t start, unsigned int frame, uint64_t size,
				    unsigned long *left)
{
	int *entry = slot(start);

	(void)cpu;
	*left = size / PAGE_SIZE;
	if (!*left)
		return -EINVAL;
	for (; *left; --*left, entry++) {
		if (*entry == (int)frame)
			return -EBUSY;
		*entry = NONE;
	}
	return 0;
}

void mm_vm_area_unmap_pages(unsigned int cpu, uint64_t area, uint64_t start, uint64_t size)
{
	uint64_t at;

	(void)cpu;
	for (at = start; in_area(area, start, size) && at < start + size; at += PAGE_SIZE)
		*slot(at) = NONE;
}

void mm_free_vm_area(unsigned int cpu, uint64_t addr)
{
	mm_vm_area_unmap_pages(cpu, addr, addr, *sparse_pages(addr) * (uint64_t)PAGE_SIZE);
	*sparse_pages(addr) = 0;
}

uint64_t mm_vm_map_ram(unsigned int cpu, const unsigned int *list, unsigned int n)
{
	return mm_vmap(cpu, list, n, false);
}

void mm_vm_unmap_ram(unsigned int cpu, uint64_t addr, unsigned int n) { (void)n; mm_vunmap(cpu, addr); }

uint64_t mm_vmalloc(unsigned int cpu, unsigned int name, uint64_t bytes)
{
	uint64_t i, n = (bytes + PAGE_SIZE - 1) / PAGE_SIZE, addr = n ? take(KERNEL, n) : 0;

	(void)cpu;
	for (i = 0; addr && i < n; i++) {
		page[pages] = (struct page){ MM_AREA_PAGE, name, i, 0, 0, { 0 } };
		*slot(addr + i * PAGE_SIZE) = pages++;
	}
	return addr;
}

uint64_t mm_vzalloc(unsigned int cpu, unsigned int name, uint64_t bytes, bool *dirty)
{
	*dirty = false;
	return mm_vmalloc(cpu, name, bytes);
}

/* A new area, with the values of the old one. The sizes of programs are whole pages. */
uint64_t mm_vrealloc(unsigned int cpu, unsigned int name, uint64_t addr, uint64_t bytes)
{
	uint64_t made = mm_vmalloc(cpu, name, bytes), i;

	for (i = 0; made && addr && i < bytes && *slot(addr + i) != NONE; i += PAGE_SIZE)
		memcpy(page[*slot(made + i)].value, page[*slot(addr + i)].value, sizeof(page->value));
	if (addr && (made || !bytes))
		mm_vfree(cpu, addr);
	return made;
}

/* A vfree always flushes. */
void mm_set_vm_flush_reset_perms(unsigned int cpu, uint64_t addr) { (void)cpu, (void)addr; }

/* Seals or unseals the pages of an area, up to the guard page behind it. */
static int seal(uint64_t addr, bool on)
{
	for (; *slot(addr) != NONE; addr += PAGE_SIZE)
		sealed[(addr - base[KERNEL]) / PAGE_SIZE] = on;
	return 0;
}

int mm_set_memory_ro(unsigned int cpu, uint64_t addr) { (void)cpu; return seal(addr, true); }
int mm_set_memory_rw(unsigned int cpu, uint64_t addr) { (void)cpu; return seal(addr, false); }

uint64_t mm_vmalloc_huge(unsigned int cpu, unsigned int name, uint64_t bytes) { return mm_vmalloc(cpu, name, bytes); }

uint64_t mm_vmalloc_user(unsigned int cpu, unsigned int name, uint64_t bytes, bool *dirty)
{
	uint64_t addr = mm_vzalloc(cpu, name, bytes, dirty);

	if (addr)
		user_pages[(addr - base[KERNEL]) / PAGE_SIZE] = (bytes + PAGE_SIZE - 1) / PAGE_SIZE;
	return addr;
}

struct mm_reached mm_read(unsigned int cpu, uint64_t addr)
{
	struct vma *of = vma_at(addr);

	(void)cpu;
	return of && of->unreadable ? (struct mm_reached){ .kind = MM_FAULT } : reach(addr, MM_FAULT);
}

struct mm_reached mm_reread(unsigned int cpu, uint64_t addr) { return mm_read(cpu, addr); }
struct mm_reached mm_vmalloc_to_page(unsigned int cpu, uint64_t addr) { (void)cpu; return reach(addr, MM_NONE); }
struct mm_reached mm_vread(unsigned int cpu, uint64_t addr) { return mm_vmalloc_to_page(cpu, addr); }

void mm_reclaim(unsigned int cpu) { (void)cpu; }

unsigned int mm_find_vm_area(unsigned int cpu, uint64_t addr)
{
	unsigned int n = *sparse_pages(addr);

	(void)cpu;
	while (slot(addr + n * (uint64_t)PAGE_SIZE) && *slot(addr + n * (uint64_t)PAGE_SIZE) != NONE)
		n++;
	return n;
}

bool mm_is_vmalloc_addr(unsigned int cpu, uint64_t addr) { (void)cpu; return addr >= base[KERNEL]; }
int mm_page_count(unsigned int cpu, unsigned int frame) { (void)cpu; make_frames(); return page[frame].refs; }
int mm_page_mapcount(unsigned int cpu, unsigned int frame) { (void)cpu; make_frames(); return page[frame].maps; }

/* The pages besides the frames of the pool that some entry maps. */
int mm_allocated_pages(unsigned int cpu)
{
	static bool seen[PAGES];
	int i, side, mapped = 0;

	(void)cpu;
	make_frames();
	memset(seen, 0, sizeof(seen));
	for (side = 0; side < 2; side++)
		for (i = 0; i < WINDOW; i++)
			if (pte[side][i] >= FRAMES && !seen[pte[side][i]])
				mapped += seen[pte[side][i]] = true;
	return mapped;
}

struct mm_reached mm_write(unsigned int cpu, uint64_t addr, unsigned int value)
{
	struct mm_reached found = reach(addr, MM_FAULT);
	struct vma *of = vma_at(addr);

	(void)cpu;
	if (addr >= base[KERNEL] && found.kind != MM_FAULT && sealed[(addr - base[KERNEL]) / PAGE_SIZE])
		return (struct mm_reached){ .kind = MM_FAULT };
	if (of && (of->unwritable || (of->private_copy && found.kind == MM_FRAME)))
		return (struct mm_reached){ .kind = MM_FAULT };
	if (found.kind != MM_FAULT)
		page[*slot(addr)].value[addr % PAGE_SIZE / 8] = value;
	return found;
}

int64_t mm_mmap(unsigned int cpu, unsigned int name, unsigned int object, uint64_t offset, unsigned int n,
		enum mm_vma kind, bool private_copy, int remap, uint64_t after)
{
	uint64_t addr = after;
	unsigned int i;

	(void)cpu;
	if (!addr) {
		make_frames();
		next[USER] += 64;	/* room for neighbours */
		addr = take(USER, n + 64);
	}
	if (!addr)
		return -ENOMEM;
	vma[vmas++] = (struct vma){ addr, n, offset, kind, object, name, private_copy, true, { false }, false, false, false, in_child };
	for (i = 0; remap >= 0 && i < n; i++)
		*slot(addr + i * (uint64_t)PAGE_SIZE) = remap + i;
	if (remap >= 0 && private_copy)
		vma[vmas - 1].offset = (uint64_t)remap * PAGE_SIZE + (1ULL << 40);
	return addr;
}

void mm_munmap(unsigned int cpu, uint64_t addr)
{
	struct vma *of = vma_at(addr);
	uint64_t i;

	(void)cpu;
	for (i = 0; of && i < of->pages; i++)
		empty(of, i);
	if (of)
		of->live = false;
}

int mm_vm_munmap(unsigned int cpu, uint64_t start, uint64_t end)
{
	int i;

	(void)cpu;
	if (start == end)
		return -EINVAL;
	for (; start < end; start += PAGE_SIZE)
		for (i = 0; i < vmas; i++)
			if (vma[i].live && vma[i].of_child == in_child && start >= vma[i].start &&
			    start < vma[i].start + vma[i].pages * PAGE_SIZE)
				empty(&vma[i], (start - vma[i].start) / PAGE_SIZE);
	return 0;
}

int64_t mm_mremap(unsigned int cpu, unsigned int name, uint64_t addr, unsigned int n, bool dontunmap)
{
	struct vma *of = vma_at(addr), *made;
	uint64_t i, to = addr;

	(void)cpu;
	if (dontunmap)
		return -EINVAL;
	if (n > of->pages)
		return -EFAULT;
	for (i = n; i < of->pages; i++)
		empty(of, i);
	if (n == of->pages) {
		next[USER] += 64;
		to = take(USER, n + 64);
		if (!to)
			return -ENOMEM;
	}
	made = &vma[vmas++];
	*made = *of;
	made->start = to;
	made->pages = n;
	made->name = name;
	of->live = false;
	for (i = 0; i < n && to != addr; i++) {
		*slot(to + i * PAGE_SIZE) = *slot(addr + i * PAGE_SIZE);
		*slot(addr + i * PAGE_SIZE) = NONE;
	}
	return to;
}

int mm_mprotect(unsigned int cpu, uint64_t addr, int prot)
{
	(void)cpu;
	vma_at(addr)->unreadable = !prot;
	vma_at(addr)->unwritable = !(prot & 2);
	return 0;
}

int mm_remap_pfn_range(unsigned int cpu, uint64_t in, uint64_t addr, unsigned int frame, uint64_t size)
{
	uint64_t i;

	(void)cpu;
	vma_at(in)->kind = MM_PFNMAP;
	if (fails >= 0 && fails-- == 0)
		return -ENOMEM;
	for (i = 0; i < size / PAGE_SIZE; i++)
		*slot(addr + i * PAGE_SIZE) = frame + i;
	return 0;
}

int mm_vm_insert_page(unsigned int cpu, uint64_t in, uint64_t addr, unsigned int frame)
{
	struct vma *of = vma_at(in);

	(void)cpu;
	if (addr < of->start || addr >= of->start + of->pages * PAGE_SIZE)
		return -EFAULT;
	if (of->kind == MM_PLAIN)
		of->kind = MM_MIXEDMAP;
	if (*slot(addr) != NONE)
		return -EBUSY;
	*slot(addr) = frame;
	of->counted[(addr - of->start) / PAGE_SIZE] = true;
	page[frame].refs++;
	page[frame].maps++;
	return 0;
}

int mm_vm_insert_area_page(unsigned int cpu, uint64_t in, uint64_t addr, uint64_t page)
{
	return mm_vm_insert_page(cpu, in, addr, *slot(page));
}

int mm_vm_insert_pages(unsigned int cpu, uint64_t in, uint64_t addr, const unsigned int *frames, unsigned long *left)
{
	struct vma *of = vma_at(in);
	int ret = 0;

	if (addr < of->start || addr + *left * PAGE_SIZE > of->start + of->pages * PAGE_SIZE)
		return -EFAULT;
	for (; *left && !(ret = mm_vm_insert_page(cpu, in, addr, *frames)); addr += PAGE_SIZE, frames++)
		--*left;
	return ret;
}

int mm_vm_map_pages_zero(unsigned int cpu, uint64_t in, const unsigned int *frames, unsigned long n)
{
	unsigned long left = vma_at(in)->pages;

	return n < left ? -ENXIO : mm_vm_insert_pages(cpu, in, in, frames, &left);
}

int mm_vm_map_pages(unsigned int cpu, uint64_t in, const unsigned int *frames, unsigned long n)
{
	uint64_t offset = vma_at(in)->offset / PAGE_SIZE;

	return n < offset ? -ENXIO : mm_vm_map_pages_zero(cpu, in, frames + offset, n - offset);
}

/* The list with the pages of areas in their places. */
static const unsigned int *with_area_pages(const unsigned int *frames, unsigned long n, const struct mm_area_run *runs,
					   unsigned long nruns)
{
	static unsigned int list[64];
	unsigned long i, page;

	for (i = 0; i < n; i++)
		list[i] = frames[i];
	for (i = 0; i < nruns; i++)
		for (page = 0; page < runs[i].n; page++)
			list[runs[i].at + page] = *slot(runs[i].address + page * PAGE_SIZE);
	return list;
}

int mm_vm_insert_area_pages(unsigned int cpu, uint64_t in, uint64_t addr, const unsigned int *frames,
			    const struct mm_area_run *runs, unsigned long nruns, unsigned long *left)
{
	return mm_vm_insert_pages(cpu, in, addr, with_area_pages(frames, *left, runs, nruns), left);
}

int mm_vm_map_area_pages_zero(unsigned int cpu, uint64_t in, const unsigned int *frames, unsigned long n,
			      const struct mm_area_run *runs, unsigned long nruns)
{
	return mm_vm_map_pages_zero(cpu, in, with_area_pages(frames, n, runs, nruns), n);
}

int mm_vm_map_area_pages(unsigned int cpu, uint64_t in, const unsigned int *frames, unsigned long n,
			 const struct mm_area_run *runs, unsigned long nruns)
{
	return mm_vm_map_pages(cpu, in, with_area_pages(frames, n, runs, nruns), n);
}

int mm_remap_vmalloc_range(unsigned int cpu, uint64_t in, uint64_t area, unsigned long pgoff)
{
	uint64_t i, n = vma_at(in)->pages;
	int ret = 0;

	if (pgoff + n > user_pages[(area - base[KERNEL]) / PAGE_SIZE])
		return -EINVAL;
	for (i = 0; i < n && !ret; i++)
		ret = mm_vm_insert_page(cpu, in, in + i * PAGE_SIZE, *slot(area + (pgoff + i) * PAGE_SIZE));
	return ret;
}

unsigned int mm_vmf_insert_pfn(unsigned int cpu, uint64_t in, uint64_t addr, unsigned int frame)
{
	struct vma *of = vma_at(in);

	(void)cpu;
	if (addr < of->start || addr >= of->start + of->pages * PAGE_SIZE)
		return VM_FAULT_SIGBUS;
	if (*slot(addr) == NONE)
		*slot(addr) = frame;
	return VM_FAULT_NOPAGE;
}

unsigned int mm_vmf_insert_mixed(unsigned int cpu, uint64_t in, uint64_t addr, unsigned int frame)
{
	return mm_vmf_insert_pfn(cpu, in, addr, frame);
}

struct mm_reached mm_fault(unsigned int cpu, uint64_t addr, unsigned int frame)
{
	struct vma *of = vma_at(addr);

	if (of && !of->unreadable)
		mm_vmf_insert_pfn(cpu, of->start, addr, frame);
	return mm_read(cpu, addr);
}

int mm_zap_vma_ptes(unsigned int cpu, uint64_t in, uint64_t addr, uint64_t size)
{
	struct vma *of = vma_at(in);
	uint64_t at;

	(void)cpu;
	if (size == 0)
		return 0;
	if (addr < of->start || addr + size > of->start + of->pages * PAGE_SIZE || addr + size < addr ||
	    of->kind != MM_PFNMAP)
		return -EINVAL;
	for (at = (addr - of->start) / PAGE_SIZE; at < (addr + size - of->start) / PAGE_SIZE; at++)
		empty(of, at);
	return 0;
}

int mm_madvise(unsigned int cpu, uint64_t in, uint64_t addr, uint64_t size, int advice)
{
	struct vma *of = vma_at(in);
	uint64_t at = (addr - of->start) / PAGE_SIZE, end = at + size / PAGE_SIZE;

	(void)cpu;
	(void)advice;
	if (size && of->kind == MM_PFNMAP)
		return -EINVAL;
	for (; at < end; at++)
		empty(of, at);
	return 0;
}

int mm_get_user_pages(unsigned int cpu, uint64_t addr, struct mm_reached *found)
{
	struct vma *of = vma_at(addr);

	(void)cpu;
	if (!of || of->kind == MM_PFNMAP || of->unreadable || *slot(addr) == NONE)
		return -EFAULT;
	*found = reach(addr, MM_OTHER);
	if (found->kind == MM_FRAME && !of->counted[(addr - of->start) / PAGE_SIZE])
		return -EEXIST;
	found->value = 0;
	return 0;
}

int mm_follow_pfnmap_start(unsigned int cpu, uint64_t in, uint64_t addr, bool *writable, bool *special)
{
	struct vma *of = vma_at(in);

	(void)cpu;
	if (!of || of->kind != MM_PFNMAP || *slot(addr) == NONE)
		return -EINVAL;
	*special = page[*slot(addr)].kind != MM_VMA_PAGE;
	*writable = of->private_copy ? !*special : !of->unwritable;
	return 0;
}

int mm_follow_pfn(unsigned int cpu, uint64_t in, uint64_t addr, struct mm_reached *found)
{
	struct vma *of = vma_at(in);

	(void)cpu;
	if (!of || of->kind != MM_PFNMAP || addr < of->start || addr >= of->start + of->pages * PAGE_SIZE ||
	    *slot(addr) == NONE)
		return -EINVAL;
	*found = reach(addr, MM_OTHER);
	found->value = 0;
	return 0;
}

void mm_enter_child(bool enter)
{
	in_child = enter;
}

void mm_dont_copy(unsigned int cpu, uint64_t addr)
{
	(void)cpu;
	vma_at(addr)->dont_copy = true;
}

int mm_fork(unsigned int cpu)
{
	int i, before = vmas;

	(void)cpu;
	if (fails >= 0 && fails-- == 0)
		return -ENOMEM;
	for (i = 0; i < before; i++) {
		struct vma *of = &vma[i], *copy;
		uint64_t at;

		if (!of->live || of->dont_copy || of->of_child)
			continue;
		copy = &vma[vmas++];
		*copy = *of;
		copy->of_child = true;
		for (at = 0; at < of->pages; at++) {
			int entry = *slot(of->start + at * PAGE_SIZE);

			if (entry != NONE && of->counted[at]) {
				page[entry].refs++;
				page[entry].maps++;
			}
			in_child = true;
			*slot(of->start + at * PAGE_SIZE) = entry;
			in_child = false;
		}
	}
	return 0;
}

void mm_exit(unsigned int cpu)
{
	int i;

	(void)cpu;
	in_child = true;
	for (i = 0; i < vmas; i++) {
		uint64_t at;

		for (at = 0; vma[i].live && vma[i].of_child && at < vma[i].pages; at++)
			empty(&vma[i], at);
		if (vma[i].of_child)
			vma[i].live = false;
	}
	in_child = false;
}

void mm_unmap_mapping_range(unsigned int cpu, unsigned int object, uint64_t offset, uint64_t size, bool even_cows)
{
	uint64_t at, index;
	int i;

	(void)cpu;
	for (i = 0; i < vmas; i++) {
		if (!vma[i].live || vma[i].object != object)
			continue;
		in_child = vma[i].of_child;
		for (at = 0; at < vma[i].pages; at++) {
			int *entry = slot(vma[i].start + at * PAGE_SIZE);

			index = vma[i].offset + at * PAGE_SIZE;
			if (index < offset || (size && index >= offset + size) || *entry == NONE)
				continue;
			if (even_cows || page[*entry].kind == MM_FRAME)
				empty(&vma[i], at);
		}
	}
	in_child = false;
}

bool mm_break_cow(unsigned int cpu, unsigned int name, uint64_t addr)
{
	struct vma *of = vma_at(addr);
	uint64_t at = of ? (addr - of->start) / PAGE_SIZE : 0;

	(void)cpu;
	if (!of || *slot(addr) == NONE)
		return false;
	if (page[*slot(addr)].kind != MM_FRAME)
		return true;
	empty(of, at);
	page[pages] = (struct page){ MM_VMA_PAGE, name, at, 0, 0, { 0 } };
	*slot(addr) = pages++;
	return true;
}
