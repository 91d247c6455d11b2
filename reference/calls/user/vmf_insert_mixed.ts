import { clause } from '../../clauses/clause.ts';
import { MIXEDMAP } from '../../model/known.ts';
import type { KnownVma } from '../../model/known-space.ts';
import { define } from '../define.ts';
import { IN } from '../spaces.ts';
import { endByNumber, insertionByNumber, predictByNumber, returnsOom } from './by_number.ts';
import { ADDRESS, drawNearPage, needsUserPage, needsVma } from './vmas.ts';

const MAPS = clause(
  'VIM-1',
  'When vmf_insert_mixed returns VM_FAULT_NOPAGE where nothing was mapped, the frame is mapped, and no count has changed.',
  'mm/memory.c, __vm_insert_mixed()',
  { promises: 'maps' },
);
const PRESENT = clause(
  'VIM-2',
  'vmf_insert_mixed returns VM_FAULT_NOPAGE where a page is already mapped, and leaves that mapping as it is.',
  'mm/memory.c, insert_pfn()',
);
const OUTSIDE = clause(
  'VIM-3',
  'vmf_insert_mixed at an address outside the VMA returns VM_FAULT_SIGBUS and changes nothing.',
  'mm/memory.c, __vm_insert_mixed()',
);

const PROMISE = insertionByNumber(MAPS, PRESENT, OUTSIDE);

export const vmfInsertMixed = define({
  name: 'vmf_insert_mixed',
  side: 'user',
  summary: 'inserts one frame by number into a VM_MIXEDMAP VMA, as a fault handler does',
  noun: 'insertion',
  example: { steps: ['@0 v0 = mmap o0 2 mixedmap shared', '@0 vmf_insert_mixed v0 v0 f2'] },
  effect: 'fills',
  sees: 'nothing',
  parameters: [
    { name: 'vma', type: 'vma', which: (vma: KnownVma) => vma.kinds === MIXEDMAP },
    ADDRESS,
    { name: 'pfn', type: 'frame' },
    IN,
  ],
  draw: { addr: drawNearPage },
  outcomes: ['vmfault'],
  clauses: [MAPS, PRESENT, OUTSIDE],
  effects: [MAPS],
  weight: 10,
  undefinedHere: (known, step) => needsVma(known, step, MIXEDMAP) ?? needsUserPage(known, step.args[1]),
  lacksMemory: returnsOom,
  predict: predictByNumber,
  effectsAtCall: true,
  end: (model, step, outcome) => endByNumber(model, step, outcome, PROMISE),
});
