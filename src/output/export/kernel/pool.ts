import type { Parts } from './parts.ts';

/** The frames of a program, and the two addresses that have no name. */

/** The two addresses that have no name. */
export const literals = ({ nil, hole }: Parts): string =>
  [
    ...(nil ? ['static struct named nil = { .bound = true };'] : []),
    ...(hole ? ['static struct named hole = { .bound = true };\t/* an address that is never handed out */'] : []),
  ].join('\n');

const HOLE = '\thole.start = PAGE_ALIGN(VMALLOC_START / 2 + VMALLOC_END / 2);\n';

/** Allocates the frames before a run, and frees them after it. */
export const pool = ({ hole }: Parts): string =>
  `
#define ORDER	get_order(FRAMES * PAGE_SIZE)

static int set_up(void)
{
	unsigned int i;

	pool = alloc_pages(GFP_KERNEL, ORDER);
	if (!pool)
		return -ENOMEM;
	if (ORDER)
		split_page(pool, ORDER);
	for (i = 0; i < 1U << ORDER; i++)
		page_ref_add(pool + i, REFERENCES);
	for (nids = 0; nids < FRAMES; nids++) {
		ids[nids] = (struct ident){ .page = pool + nids, .kind = FRAME, .index = nids };
		stamp(nids);
	}
${hole ? HOLE : ''}	memset(a, 0, sizeof(a));
	memset(v, 0, sizeof(v));
	memset(seen, 0, sizeof(seen));
	return 0;
}

/* Only called when nothing is mapped any more. */
static void tear_down(void)
{
	unsigned int i;

	vm_unmap_aliases();
	for (i = FRAMES; i < nids; i++)
		put_page(ids[i].page);
	for (i = 0; i < 1U << ORDER; i++) {
		set_page_count(pool + i, 1);
		__free_page(pool + i);
	}
}
`.trim();
