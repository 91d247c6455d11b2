import { piece } from './piece.ts';

/** Brings the blocks of vm_map_ram() into a known state on one CPU. */
export const LEVEL = piece(`
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
}`);
