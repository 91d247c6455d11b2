import { type AreaRun, areaRunArray } from '../../c/area-runs.ts';
import { ANSWER_ERRNO } from '../answers.ts';
import { piece } from '../piece.ts';
import { FRAMES } from './areas.ts';
import { onVma, VMA_OF } from './on-vma.ts';

/** The calls that insert lists with pages of areas. */

/** Runs of pages of areas as a C array. */
export const areaRuns = (runs: readonly AreaRun[]): string =>
  areaRunArray('area_run', runs, ({ at, pages, page, area }) => `${at}, ${pages}, ${page}, &a[${area}]`);

const AREA_RUNS = piece(`
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
  lock: 'write',
  variables: '	struct page **pages;\n',
  body: `	pages = vma ? frames(list, n) : NULL;
	if (pages && put_area_pages(pages, runs, nruns)) {
		o->left = n;
		answer_errno(o, vm_insert_pages(vma, in->start + offset, pages, &o->left));
	}
	kvfree(pages);`,
  needs: [ANSWER_ERRNO, FRAMES, AREA_RUNS],
});

export const VM_MAP_AREA_PAGES = piece(
  `
static void do_vm_map_area_pages(struct named *name, const u16 *list, unsigned int n, const struct area_run *runs,
				 unsigned int nruns, bool zero, struct outcome *o)
{
	struct vm_area_struct *vma;
	struct page **pages;

	if (!name->bound)
		return;
	mmap_write_lock(mm);
	vma = vma_of(name);
	pages = vma ? frames(list, n) : NULL;
	if (pages && put_area_pages(pages, runs, nruns))
		answer_errno(o, zero ? vm_map_pages_zero(vma, pages, n) : vm_map_pages(vma, pages, n));
	kvfree(pages);
	mmap_write_unlock(mm);
}`,
  VMA_OF,
  ANSWER_ERRNO,
  FRAMES,
  AREA_RUNS,
);
