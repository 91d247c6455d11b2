import { clause } from '../../clauses/clause.ts';
import { COUNTING, UNMAP_KEEPS } from '../../clauses/common.ts';
import type { Removal } from '../../model/promises.ts';
import { define } from '../define.ts';
import { beginUnmap, cannotUnmap, endUnmap, predictUnmap, warnsOfUnmap } from './areas.ts';

const NULL_IGNORED = clause(
  'VUNMAP-1',
  'vunmap of NULL, or of an address that no call returned, changes nothing.',
  'mm/vmalloc.c, vunmap()',
);
const TABLES = clause(
  'VUNMAP-2',
  'When vunmap returns, the page-table entries of the area are gone.',
  'mm/vmalloc.c, vunmap()',
  { promises: 'unmaps', needs: ['vmalloc_to_page'] },
);
const COUNTS = clause('VUNMAP-4', 'vunmap frees no page and changes no count.', 'kernel-doc of vunmap()', {
  promises: 'counts',
  needs: COUNTING,
});

const REMOVAL: Removal = { tables: TABLES, access: undefined, keeps: UNMAP_KEEPS, counts: COUNTS };

export const vunmap = define({
  name: 'vunmap',
  side: 'kernel',
  summary: 'unmaps an area of vmap',
  noun: 'unmapping',
  example: { steps: ['@0 a0 = vmap f0', '@0 vunmap a0'] },
  effect: 'ends',
  sees: 'nothing',
  parameters: [{ name: 'area', type: 'area', origins: ['vmap'] }],
  outcomes: ['ok'],
  clauses: [NULL_IGNORED, TABLES, COUNTS],
  effects: [TABLES],
  weight: 10,
  undefinedHere: (known, step) => cannotUnmap(known, step.args[0], ['vmap'], true),
  warns: warnsOfUnmap,
  predict: predictUnmap,
  claims: 'own',
  begin: beginUnmap,
  end(model, step) {
    endUnmap(model, step, REMOVAL, NULL_IGNORED);
  },
});
