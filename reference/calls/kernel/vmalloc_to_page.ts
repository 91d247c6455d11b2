import { clause } from '../../clauses/clause.ts';
import { define } from '../define.ts';
import { undefinedLookup } from './areas.ts';

const LIVE = clause(
  'V2P-1',
  'vmalloc_to_page of an address in a live area returns the page that is mapped there.',
  'comment on vmalloc_to_page()',
);
const NONE = clause(
  'V2P-2',
  'vmalloc_to_page of an address of the vmap layer where nothing is mapped returns NULL.',
  'mm/vmalloc.c, vmalloc_to_page()',
);

export const vmallocToPage = define({
  name: 'vmalloc_to_page',
  side: 'kernel',
  summary: 'looks up an address of the vmap layer in the page tables',
  noun: 'lookup',
  example: { steps: ['@0 a0 = vmap f5', '@0 vmalloc_to_page a0'], outcome: 'f5' },
  effect: 'none',
  sees: 'tables',
  parameters: [{ name: 'addr', type: 'address', where: 'area' }],
  outcomes: ['frame', 'null', 'other'],
  clauses: [LIVE, NONE],
  effects: [LIVE],
  weight: 10,
  undefinedHere: undefinedLookup,
  end(model, step) {
    const { index, offset } = step.args[0];
    model.kernel.translate(index, Math.floor(offset / model.page), { live: LIVE, none: NONE });
  },
});
