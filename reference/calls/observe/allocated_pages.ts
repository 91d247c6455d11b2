import { expectAllocated } from '../../model/allocated.ts';
import { define } from '../define.ts';

export const allocatedPages = define({
  name: 'allocated_pages',
  side: 'observe',
  summary: 'tells how many pages of memory calls of the program have allocated and not freed yet',
  noun: 'count',
  example: { steps: ['@0 a0 = vmalloc 0x2000', '@0 allocated_pages'], outcome: '2' },
  effect: 'none',
  sees: 'counts',
  parameters: [],
  outcomes: ['number'],
  clauses: [],
  effects: [],
  ability: 'allocated_pages',
  weight: 2,
  end: (model, _step, outcome) => expectAllocated(model, outcome.value),
});
