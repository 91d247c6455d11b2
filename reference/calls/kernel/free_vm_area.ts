import { clause } from '../../clauses/clause.ts';
import { COUNTING, UNMAP_KEEPS } from '../../clauses/common.ts';
import type { Known } from '../../model/known.ts';
import type { Removal } from '../../model/promises.ts';
import { type Address, inArea } from '../../notation/address.ts';
import type { Choose } from '../call.ts';
import { define } from '../define.ts';
import { cannotUnmap, endUnmap, predictUnmap } from './areas.ts';
import { AREA, undefinedSparse } from './sparse.ts';

const TABLES = clause(
  'FRE-1',
  'When free_vm_area returns, the page-table entries of all pages of the area that were still mapped are gone.',
  'mm/vmalloc.c, free_vm_area() and remove_vm_area()',
  { promises: 'unmaps', needs: ['vmalloc_to_page'] },
);
const COUNTS = clause('FRE-2', 'free_vm_area frees no page and changes no count.', 'mm/vmalloc.c, free_vm_area()', {
  promises: 'counts',
  needs: COUNTING,
});

const REMOVAL: Removal = { tables: TABLES, access: undefined, keeps: UNMAP_KEEPS, counts: COUNTS };

/** Draws a sparse area, mostly one of which something may be mapped; undefined if this attempt found none. */
function drawArea({ live: { sparse } }: Known, _drawn: readonly [], choose: Choose): Address | undefined {
  if (sparse.length === 0) return undefined;
  const first = choose.below(sparse.length);
  for (let n = 0; n < sparse.length; n++) {
    const { name, perhaps } = sparse[(first + n) % sparse.length];
    if (perhaps!.includes(1)) return inArea(name, 0);
  }
  return choose.chance(30) ? inArea(sparse[first].name, 0) : undefined;
}

export const freeVmArea = define({
  name: 'free_vm_area',
  side: 'kernel',
  summary: 'unmaps what is mapped of a sparse area, and gives its addresses back',
  noun: 'unmapping',
  example: { steps: ['@0 a0 = get_vm_area 0x2000', '@0 free_vm_area a0'] },
  effect: 'ends',
  sees: 'nothing',
  parameters: [AREA],
  draw: { area: drawArea },
  outcomes: ['ok'],
  clauses: [TABLES, COUNTS],
  effects: [TABLES],
  weight: 6,
  sequential: true,
  undefinedHere: (known, step) => undefinedSparse(known) ?? cannotUnmap(known, step.args[0], ['sparse'], false),
  predict: predictUnmap,
  end: (model, step) => endUnmap(model, step, REMOVAL, TABLES),
});
