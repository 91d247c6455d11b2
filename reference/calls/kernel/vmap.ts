import { clause } from '../../clauses/clause.ts';
import { COUNTING, MAPS } from '../../clauses/common.ts';
import type { Mapping } from '../../model/promises.ts';
import { define } from '../call.ts';
import { beginMap, endEmpty, endMap, failedToMap, PAGES, predictEmpty } from './areas.ts';

const ZERO = clause('VMAP-2', 'vmap of no pages returns NULL.', 'mm/vmalloc.c, vmap()', {
  where: { zero_vmap: 'null' },
});
const COUNTS = clause(
  'VMAP-4',
  'vmap does not change the reference and map counts of the pages.',
  'mm/vmalloc.c, vmap()',
  { promises: 'counts', needs: COUNTING },
);
const PUT = clause(
  'VMAP-7',
  'With VM_MAP_PUT_PAGES, a vmap that succeeds passes one reference of each page to the area, and vfree drops exactly these references.',
  'kernel-doc of vmap(), VM_MAP_PUT_PAGES',
  { promises: 'counts', needs: COUNTING },
);

const MAPPING: Mapping = { origin: 'vmap', maps: MAPS };
const MAPPING_PUT: Mapping = { origin: 'put', maps: MAPS };

const put = (flags: readonly string[] | undefined): boolean => flags?.includes('put_pages') ?? false;

export const vmap = define({
  name: 'vmap',
  side: 'kernel',
  summary: 'maps pages contiguously into kernel-virtual space',
  noun: 'mapping',
  example: { steps: ['@0 a0 = vmap f0 f1'] },
  effect: 'makes',
  origin: 'vmap',
  sees: 'nothing',
  parameters: [PAGES, { name: 'flags', type: 'flags', optional: true, choices: ['put_pages'], often: 8 }],
  binds: 'a',
  outcomes: ['address', 'null'],
  clauses: [ZERO, COUNTS, PUT],
  effects: [],
  weight: 10,
  undefinedHere: (known, step) =>
    step.args[0].length === 0 && known.traits.zero_vmap === 'undefined'
      ? 'vmap of no pages is undefined here'
      : undefined,
  takes: (step) => step.args[0].length,
  lacksMemory: failedToMap,
  predict(known, step) {
    const frames = step.args[0];
    if (frames.length > 0) known.map(step.binds, put(step.args[1]) ? 'put' : 'vmap', frames, frames.length);
    else predictEmpty(known, step.binds, put(step.args[1]) ? 'put' : 'vmap');
  },
  begin: (model, step, outcome) => beginMap(model, step, outcome, step.args[0], MAPPING),
  end(model, step, outcome) {
    const owned = put(step.args[1]);
    const mapping = owned ? MAPPING_PUT : MAPPING;
    if (step.args[0].length === 0 && model.traits.zero_vmap === 'address')
      return endEmpty(model, step, outcome, mapping);
    endMap(model, step, outcome, mapping, ZERO, owned ? PUT : COUNTS);
  },
});
