import { piece } from './piece.ts';

/** Makes the next vm_map_ram() on a CPU start a new block, whatever used the current one before. */
export const USE_UP_BLOCK = piece(`
/*
 * The vmap block of this CPU may be partly used already. This takes chunks until a new block has been started and
 * used up, and then gives them back. The next vm_map_ram() starts a new block.
 */
#define CHUNK	BITS_PER_LONG
#define COMPUTED	((128UL << 30) / PAGE_SIZE / roundup_pow_of_two(NR_CPUS) / 16)
#define BLOCK	(COMPUTED < 2 * CHUNK ? 2 * CHUNK : COMPUTED > 1024 ? 1024 : COMPUTED)
#define MAX_CHUNKS	(2 * 1024 / CHUNK)

static void use_up_block(void)
{
	struct page *pages[CHUNK];
	void *chunk[MAX_CHUNKS];
	unsigned int i, n, remaining = MAX_CHUNKS;

	for (i = 0; i < CHUNK; i++)
		pages[i] = pool;
	for (n = 0; n < MAX_CHUNKS && remaining; n++, remaining--) {
		chunk[n] = vm_map_ram(pages, CHUNK, -1);
		if (!chunk[n])
			break;
		if (remaining > BLOCK / CHUNK && !((unsigned long)chunk[n] & (BLOCK * PAGE_SIZE - 1)))
			remaining = BLOCK / CHUNK;
	}
	while (n--)
		vm_unmap_ram(chunk[n], CHUNK);
}`);
