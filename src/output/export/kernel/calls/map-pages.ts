import { prototype } from '../../c/text.ts';
import { ANSWER_ERRNO } from '../answers.ts';
import { type Piece, piece } from '../piece.ts';
import { AREA_RUNS } from './area-pages.ts';
import { FRAMES } from './areas.ts';
import { LOCK_FOR_INSERTION, VMA_OF } from './on-vma.ts';

/** The calls that map a list of pages in a whole VMA: `vm_map_pages`, and `vm_map_pages_zero` if `zero`. */

interface MapsPages {
  readonly name: string;
  /** Parameters besides the VMA and the list of frames. */
  readonly parameters: readonly string[];
  /** C expression: `pages` can be mapped. */
  readonly ready: string;
  readonly needs?: readonly Piece[];
}

const mapsPages = ({ name, parameters, ready, needs = [] }: MapsPages): Piece =>
  piece(
    `
${prototype(name, ['struct named *name', 'const u16 *list', 'unsigned int n', ...parameters, 'bool zero', 'struct outcome *o'])}
{
	struct vm_area_struct *vma;
	struct page **pages;
	bool write;

	if (!name->bound)
		return;
	write = lock_for_insertion(name);
	vma = vma_of(name);
	pages = vma ? frames(list, n) : NULL;
	if (${ready})
		answer_errno(o, zero ? vm_map_pages_zero(vma, pages, n) : vm_map_pages(vma, pages, n));
	kvfree(pages);
	unlock_after_insertion(write);
}`,
    LOCK_FOR_INSERTION,
    VMA_OF,
    ANSWER_ERRNO,
    FRAMES,
    ...needs,
  );

export const VM_MAP_PAGES = mapsPages({ name: 'do_vm_map_pages', parameters: [], ready: 'pages' });

/** The same for a list with pages of areas. */
export const VM_MAP_AREA_PAGES = mapsPages({
  name: 'do_vm_map_area_pages',
  parameters: ['const struct area_run *runs', 'unsigned int nruns'],
  ready: 'pages && put_area_pages(pages, runs, nruns)',
  needs: [AREA_RUNS],
});
