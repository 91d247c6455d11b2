import { clause } from '../../clauses/clause.ts';
import type { Mapping } from '../../model/promises.ts';
import { define } from '../define.ts';
import { pagesOfSize } from './areas.ts';
import { undefinedSparse } from './sparse.ts';
import { failedToAllocate, SIZE, undefinedSize } from './vmalloc.ts';

const NOTHING = clause(
  'GVA-1',
  'get_vm_area reserves addresses at which nothing is mapped; a page of the area is reached only while a call has mapped it.',
  'kernel-doc of get_vm_area(): "reserve a contiguous kernel virtual area"',
);
const ZERO = clause('GVA-2', 'get_vm_area of no bytes returns NULL.', 'mm/vmalloc.c, __get_vm_area_node()', {
  where: { zero_vmap: 'null' },
});

const MAPPING: Mapping = { origin: 'sparse', maps: NOTHING };

export const getVmArea = define({
  name: 'get_vm_area',
  side: 'kernel',
  summary: 'reserves a sparse area, in which nothing is mapped yet',
  noun: 'reservation',
  example: { steps: ['@0 a0 = get_vm_area 0x2000'] },
  effect: 'makes',
  origin: 'sparse',
  sees: 'nothing',
  parameters: [SIZE],
  binds: 'a',
  outcomes: ['address', 'null'],
  clauses: [NOTHING, ZERO],
  effects: [NOTHING],
  weight: 7,
  sequential: true,
  undefinedHere(known, step) {
    if (step.args[0] === 0 && known.traits.zero_vmap !== 'null') return 'an area of no bytes is undefined here';
    return undefinedSparse(known) ?? undefinedSize(known, step);
  },
  takes: pagesOfSize,
  lacksMemory: failedToAllocate,
  predict(known, step) {
    const pages = pagesOfSize(step, known.page);
    if (pages > 0) known.map(step.binds, 'sparse', [], pages);
    else known.reserve(step.binds, 'sparse');
  },
  end(model, step, outcome) {
    const pages = pagesOfSize(step, model.page);
    if (pages === 0) return model.expect(ZERO, outcome.kind === 'null', () => 'null');
    if (outcome.kind === 'address') model.kernel.reserve(step.binds, outcome, pages, MAPPING);
  },
});
