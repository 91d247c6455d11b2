import { clause } from '../../clauses/clause.ts';
import { define } from '../define.ts';
import { allocatedFrames, pagesOfSize } from './areas.ts';
import { beginMemory, endMemory, failedToAllocate, predictMemory, SIZE, undefinedSize } from './vmalloc.ts';

const ZEROED = clause(
  'VM-2',
  'vzalloc returns memory that is all zero, up to the end of its last page.',
  'kernel-doc of vzalloc()',
);

export const vzalloc = define({
  name: 'vzalloc',
  side: 'kernel',
  summary: 'allocates virtually contiguous memory, zeroed',
  noun: 'allocation',
  example: { steps: ['@0 a0 = vzalloc 0x1001'] },
  effect: 'makes',
  origin: 'vmalloc',
  sees: 'nothing',
  parameters: [SIZE],
  binds: 'a',
  outcomes: ['address', 'null'],
  clauses: [ZEROED],
  effects: [ZEROED],
  weight: 10,
  undefinedHere: undefinedSize,
  warns: (step) => step.args[0] === 0,
  allocates: allocatedFrames,
  takes: pagesOfSize,
  lacksMemory: failedToAllocate,
  predict: (known, step) => predictMemory(known, step),
  begin: (model, step, outcome) => beginMemory(model, step, outcome),
  end(model, step, outcome) {
    endMemory(model, step, outcome);
    if (outcome.kind === 'address')
      model.expect(ZEROED, outcome.note < 0, () => 'an address of memory that is all zero');
  },
});
