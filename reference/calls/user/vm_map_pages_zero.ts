import { clause } from '../../clauses/clause.ts';
import { MIXEDMAP, PLAIN } from '../../model/known.ts';
import { define } from '../define.ts';
import { returnsEnomem } from '../no-memory.ts';
import { IN } from '../spaces.ts';
import { ofKinds } from './vmas.ts';
import { drawWholeLength, endList, type ListMapping, predictList, undefinedWhole } from './whole.ts';

const MAPS = clause(
  'INS-18',
  'When vm_map_pages_zero returns 0, page i of the VMA maps page i of the list, whatever the offset of the VMA into its object is; the page has one more reference and one more map count.',
  'kernel-doc of vm_map_pages_zero()',
  { promises: 'maps' },
);
const SHORT = clause(
  'INS-19',
  'vm_map_pages_zero returns -ENXIO and changes nothing if the list has fewer pages than the VMA.',
  'mm/memory.c, __vm_map_pages()',
);
const BUSY = clause(
  'INS-20',
  'vm_map_pages_zero returns -EBUSY at the first page of the VMA that is already mapped: the pages before it stay inserted, and everything else stays as it is.',
  'mm/memory.c, __vm_map_pages()',
);

const WHOLE: ListMapping = { maps: MAPS, short: SHORT, refusal: 'ENXIO', busy: BUSY, first: () => 0 };

export const vmMapPagesZero = define({
  name: 'vm_map_pages_zero',
  side: 'user',
  summary: 'maps a list of pages in a whole VMA, from the first page of the list on',
  noun: 'insertion',
  example: { steps: ['@0 v0 = mmap o0+0x1000 2 mixedmap shared', '@0 vm_map_pages_zero v0 f0 f1'], outcome: '0' },
  effect: 'fills',
  sees: 'nothing',
  parameters: [
    { name: 'vma', type: 'vma', which: ofKinds(PLAIN | MIXEDMAP) },
    { name: 'pages', type: 'frames', areaPages: true },
    IN,
  ],
  length: { pages: (known, drawn, choose) => drawWholeLength(known, drawn, choose, WHOLE) },
  outcomes: ['number', 'errno'],
  clauses: [MAPS, SHORT, BUSY],
  effects: [MAPS, BUSY],
  weight: 4,
  undefinedHere: undefinedWhole,
  predict: (known, step) => predictList(known, step, WHOLE),
  lacksMemory: returnsEnomem,
  effectsAtCall: true,
  claims: 'own',
  end: (model, step, outcome) => endList(model, step, outcome, WHOLE),
});
