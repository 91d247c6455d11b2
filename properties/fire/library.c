/*
 * A shared library that maps nothing, and that does harm in the first call of each program: it faults (-DFAULTS), ends the
 * process (-DEXITS) or never returns (-DNEVER_RETURNS).
 */
#include <stddef.h>
#include <stdlib.h>

#include "mmspec.h"

static uint64_t memory[64][512];

static void do_harm(void)
{
#ifdef FAULTS
	*(volatile int *)8 = 1;
#elif defined(EXITS)
	exit(5);
#elif defined(NEVER_RETURNS)
	for (;;)
		;
#endif
}

int32_t mmspec_abi(void)
{
	return MMSPEC_ABI;
}

const char *mmspec_describe(void)
{
	return "name hostile library 1\nprofile documented\ntrait memory=scarce\ncpus 2\nframes 64\n"
	       "window kernel 0xffffc90000000000 0xffffe90000000000\n";
}

void mmspec_begin(uint32_t cpus, uint32_t frames)
{
	(void)cpus, (void)frames;
}

const char *mmspec_end(void)
{
	return NULL;
}

void *mmspec_frame(uint32_t frame)
{
	return memory[frame];
}

int32_t mmspec_load(uint32_t cpu, mm_addr at, uint64_t *word)
{
	(void)cpu, (void)at, (void)word;
	do_harm();
	return 0;
}

int32_t mmspec_store(uint32_t cpu, mm_addr at, uint64_t word)
{
	(void)cpu, (void)at, (void)word;
	do_harm();
	return 0;
}

mm_addr mmspec_vmap(uint32_t cpu, const uint32_t *frames, uint32_t count, uint32_t flags)
{
	(void)cpu, (void)frames, (void)count, (void)flags;
	do_harm();
	return 0;
}

void mmspec_vunmap(uint32_t cpu, mm_addr area)
{
	(void)cpu, (void)area;
	do_harm();
}

void mmspec_vm_unmap_aliases(uint32_t cpu)
{
	(void)cpu;
	do_harm();
}
