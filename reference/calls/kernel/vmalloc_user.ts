import { clause } from '../../clauses/clause.ts';
import { define } from '../define.ts';
import { allocatedFrames, pagesOfSize } from './areas.ts';
import {
  beginMemory,
  endMemory,
  failedToAllocate,
  predictMemory,
  SIZE,
  USER_MAPPING,
  undefinedSize,
} from './vmalloc.ts';

const ZEROED = clause(
  'VM-4',
  'vmalloc_user returns memory that is all zero, up to the end of its last page.',
  'kernel-doc of vmalloc_user(): "zeroed so it can be mapped to userspace without leaking data"',
);

export const vmallocUser = define({
  name: 'vmalloc_user',
  side: 'kernel',
  summary: 'allocates virtually contiguous memory, zeroed, that can be mapped in user VMAs',
  noun: 'allocation',
  example: { steps: ['@0 a0 = vmalloc_user 0x1001'] },
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
  predict: (known, step) => predictMemory(known, step, true),
  begin: (model, step, outcome) => beginMemory(model, step, outcome, USER_MAPPING),
  end(model, step, outcome) {
    endMemory(model, step, outcome, USER_MAPPING);
    if (outcome.kind === 'address')
      model.expect(ZEROED, outcome.note < 0, () => 'an address of memory that is all zero');
  },
});
