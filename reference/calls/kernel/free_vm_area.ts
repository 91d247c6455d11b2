import { clause } from '../../clauses/clause.ts';
import { COUNTING, UNMAP_KEEPS } from '../../clauses/common.ts';
import type { Removal } from '../../model/promises.ts';
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

export const freeVmArea = define({
  name: 'free_vm_area',
  side: 'kernel',
  summary: 'unmaps what is mapped of a sparse area, and gives its addresses back',
  noun: 'unmapping',
  example: { steps: ['@0 a0 = get_vm_area 0x2000', '@0 free_vm_area a0'] },
  effect: 'ends',
  sees: 'nothing',
  parameters: [AREA],
  outcomes: ['ok'],
  clauses: [TABLES, COUNTS],
  effects: [TABLES],
  weight: 4,
  sequential: true,
  undefinedHere: (known, step) => undefinedSparse(known) ?? cannotUnmap(known, step.args[0], ['sparse'], false),
  predict: predictUnmap,
  end: (model, step) => endUnmap(model, step, REMOVAL, TABLES),
});
