import { clause } from '../../clauses/clause.ts';
import { MIXEDMAP, PLAIN } from '../../model/known.ts';
import { define } from '../define.ts';
import { returnsEnomem } from '../no-memory.ts';
import { IN } from '../spaces.ts';
import { ofKinds } from './vmas.ts';
import { drawWholeLength, endList, type ListMapping, predictList, undefinedWhole } from './whole.ts';

const MAPS = clause(
  'INS-16',
  "When vm_map_pages returns 0, page i of the VMA maps the page of the list at position i plus the VMA's offset into its object, which has one more reference and one more map count.",
  'kernel-doc of vm_map_pages(); mm/memory.c, __vm_map_pages()',
  { promises: 'maps' },
);
const SHORT = clause(
  'INS-9',
  "vm_map_pages returns -ENXIO and changes nothing if the list, from the VMA's offset into its object on, has fewer pages than the VMA.",
  'mm/memory.c, __vm_map_pages()',
);
const BUSY = clause(
  'INS-17',
  'vm_map_pages returns -EBUSY at the first page of the VMA that is already mapped: the pages before it stay inserted, and everything else stays as it is.',
  'kernel-doc of vm_map_pages(): "leaving any previously inserted pages present"',
);

const WHOLE: ListMapping = { maps: MAPS, short: SHORT, refusal: 'ENXIO', busy: BUSY, first: ({ index }) => index };

export const vmMapPages = define({
  name: 'vm_map_pages',
  side: 'user',
  summary: "maps a list of pages in a whole VMA, from the VMA's offset into its object on",
  noun: 'insertion',
  example: { steps: ['@0 v0 = mmap o0+0x1000 2 mixedmap shared', '@0 vm_map_pages v0 f0..f2'], outcome: '0' },
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
  weight: 6,
  undefinedHere: undefinedWhole,
  predict: (known, step) => predictList(known, step, WHOLE),
  lacksMemory: returnsEnomem,
  effectsAtCall: true,
  claims: 'own',
  end: (model, step, outcome) => endList(model, step, outcome, WHOLE),
});
