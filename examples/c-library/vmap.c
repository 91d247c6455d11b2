/*
 * A small vmap as a shared library: page tables, and a TLB for each CPU. vunmap is lazy: translations stay in the TLBs
 * until vm_unmap_aliases. Built with -DBUG, addresses are handed out again before that.
 */
#include <mmspec.h>
#include <string.h>

#define PAGE 4096u
#define PAGES 4096u			/* of the address space */
#define CPUS 2u
#define FRAMES 64u
#define START 0xffffc90000000000u

enum state { FREE, MAPPED, LAZY };	/* LAZY: unmapped, not yet flushed */

static uint64_t memory[FRAMES][PAGE / 8];
static enum state state[PAGES];
static uint32_t length[PAGES];		/* of the area that starts here, with its guard page */
static uint64_t *table[PAGES];
static uint64_t *tlb[CPUS][PAGES];

int32_t mmspec_abi(void)
{
	return MMSPEC_ABI;
}

const char *mmspec_describe(void)
{
	return "name small vmap in C\n"
	       "cpus 2\nframes 64\npage 4096\nwindow kernel 0xffffc90000000000 0xffffc90001000000\n";
}

void mmspec_begin(uint32_t cpus, uint32_t frames)
{
	(void)cpus, (void)frames;
	memset(state, 0, sizeof(state));
	memset(table, 0, sizeof(table));
	memset(tlb, 0, sizeof(tlb));
}

const char *mmspec_end(void)
{
	return NULL;			/* everything was static */
}

void *mmspec_frame(uint32_t frame)
{
	return memory[frame];
}

/* The word that a CPU reaches at an address, or NULL if the access faults. */
static uint64_t *reach(uint32_t cpu, mm_addr at)
{
	uint64_t page = (at - START) / PAGE;

	if (page >= PAGES)
		return NULL;
	if (!tlb[cpu][page])
		tlb[cpu][page] = table[page];
	return tlb[cpu][page] ? tlb[cpu][page] + at % PAGE / 8 : NULL;
}

int32_t mmspec_load(uint32_t cpu, mm_addr at, uint64_t *word)
{
	uint64_t *here = reach(cpu, at);

	if (here)
		*word = *here;
	return here != NULL;
}

int32_t mmspec_store(uint32_t cpu, mm_addr at, uint64_t word)
{
	uint64_t *here = reach(cpu, at);

	if (here)
		*here = word;
	return here != NULL;
}

void mmspec_vm_unmap_aliases(uint32_t cpu)
{
	(void)cpu;
	for (uint32_t page = 0; page < PAGES; page++) {
		for (uint32_t i = 0; i < CPUS; i++)
			tlb[i][page] = NULL;
		if (state[page] == LAZY)
			state[page] = FREE;
	}
}

/* First fit: pages that are free, the last one as a guard page. Returns PAGES where there is no room. */
static uint32_t find(uint32_t count)
{
	uint32_t run = 0;

	for (uint32_t page = 0; page < PAGES; page++) {
		run = state[page] == FREE ? run + 1 : 0;
		if (run == count)
			return page + 1 - count;
	}
	return PAGES;
}

mm_addr mmspec_vmap(uint32_t cpu, const uint32_t *frames, uint32_t count, uint32_t flags)
{
	uint32_t first;

	(void)flags;			/* only vfree has to do with references */
	if (count == 0 || count >= PAGES)
		return 0;
	first = find(count + 1);
	if (first == PAGES) {
		mmspec_vm_unmap_aliases(cpu);
		first = find(count + 1);
	}
	if (first == PAGES)
		return 0;
	for (uint32_t i = 0; i <= count; i++) {
		state[first + i] = MAPPED;
		table[first + i] = i < count ? memory[frames[i]] : NULL;
	}
	length[first] = count + 1;
	return START + (mm_addr)first * PAGE;
}

void mmspec_vunmap(uint32_t cpu, mm_addr area)
{
	uint64_t first = (area - START) / PAGE;

	(void)cpu;
	if (first >= PAGES)
		return;			/* NULL, or an address that vmap never returns */
	for (uint32_t i = 0; i < length[first]; i++) {
		table[first + i] = NULL;
#ifdef BUG
		state[first + i] = FREE;
#else
		state[first + i] = LAZY;
#endif
	}
}
