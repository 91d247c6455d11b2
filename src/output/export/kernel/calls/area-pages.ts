import { type AreaRun, areaRunArray } from '../../c/area-runs.ts';
import { ANSWER_ERRNO } from '../answers.ts';
import { piece } from '../piece.ts';
import { FRAMES } from './areas.ts';
import { onVma } from './on-vma.ts';

/** Lists with pages of areas, and the call that inserts one in a part of a VMA. */

/** Runs of pages of areas as a C array. */
export const areaRuns = (runs: readonly AreaRun[]): string =>
  areaRunArray('area_run', runs, ({ at, pages, page, area }) => `${at}, ${pages}, ${page}, &a[${area}]`);

export const AREA_RUNS = piece(`
/* A part of a list of frames: its n entries from position "at" on are the pages of an area from number "page" on. */
struct area_run {
	unsigned int at, n, page;
	const struct named *area;
};

/* Returns false if one of the areas was never bound. */
static bool put_area_pages(struct page **pages, const struct area_run *runs, unsigned int nruns)
{
	unsigned int i;

	for (; nruns--; runs++) {
		if (!runs->area->bound)
			return false;
		for (i = 0; i < runs->n; i++)
			pages[runs->at + i] = vmalloc_to_page((void *)runs->area->start + (runs->page + i) * PAGE_SIZE);
	}
	return true;
}`);

export const VM_INSERT_AREA_PAGES = onVma({
  name: 'do_vm_insert_area_pages',
  parameters: ['const u16 *list', 'unsigned int n', 'const struct area_run *runs', 'unsigned int nruns'],
  lock: 'read-if-mixed',
  variables: '	struct page **pages;\n',
  body: `	pages = vma ? frames(list, n) : NULL;
	if (pages && put_area_pages(pages, runs, nruns)) {
		o->left = n;
		answer_errno(o, vm_insert_pages(vma, in->start + offset, pages, &o->left));
	}
	kvfree(pages);`,
  needs: [ANSWER_ERRNO, FRAMES, AREA_RUNS],
});
