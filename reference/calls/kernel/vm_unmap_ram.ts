import { clause } from '../../clauses/clause.ts';
import { UNMAP_KEEPS } from '../../clauses/common.ts';
import type { KnownArea } from '../../model/known.ts';
import type { Removal } from '../../model/promises.ts';
import { define } from '../define.ts';
import { beginUnmap, cannotUnmap, endUnmap } from './areas.ts';
import { vmMapRam } from './vm_map_ram.ts';

const TABLES = clause(
  'RAM-6',
  'When vm_unmap_ram returns, the page-table entries of the area are gone.',
  'kernel-doc of vm_unmap_ram()',
  { promises: 'unmaps', needs: ['vmalloc_to_page'] },
);
const COUNTS = vmMapRam.clauses[0];

const REMOVAL: Removal = { tables: TABLES, access: undefined, keeps: UNMAP_KEEPS, counts: COUNTS };

export const vmUnmapRam = define({
  name: 'vm_unmap_ram',
  side: 'kernel',
  summary: 'unmaps a whole area of vm_map_ram',
  noun: 'unmapping',
  example: { steps: ['@0 a0 = vm_map_ram f0 f1', '@0 vm_unmap_ram a0 2'] },
  effect: 'ends',
  sees: 'nothing',
  parameters: [
    { name: 'area', type: 'area', origins: ['ram'] },
    { name: 'count', type: 'pages', ofArea: (area: KnownArea) => area.pages },
  ],
  outcomes: ['ok'],
  clauses: [TABLES],
  effects: [TABLES],
  weight: 10,
  undefinedHere(known, step) {
    const area = step.args[0];
    const why = cannotUnmap(known, area, ['ram'], false);
    if (why) return why;
    const { pages } = known.areas[area.index]!;
    return pages === step.args[1] ? undefined : `a${area.index} has ${pages} pages and can only be unmapped as a whole`;
  },
  predict: (known, step) => known.unmap(step.args[0].index),
  claims: 'own',
  begin: beginUnmap,
  end(model, step) {
    endUnmap(model, step, REMOVAL, TABLES);
  },
});
