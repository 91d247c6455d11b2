import { clause } from '../../clauses/clause.ts';
import { PFNMAP } from '../../model/known.ts';
import type { KnownVma } from '../../model/known-space.ts';
import { define } from '../define.ts';
import { IN } from '../spaces.ts';
import { endByNumber, insertionByNumber, predictByNumber, returnsOom } from './by_number.ts';
import { ADDRESS, drawNearPage, knownVma, needsUserPage, needsVma } from './vmas.ts';

const MAPS = clause(
  'VIP-1',
  'When vmf_insert_pfn returns VM_FAULT_NOPAGE where nothing was mapped, the frame is mapped, and no count has changed.',
  'kernel-doc of vmf_insert_pfn()',
  { promises: 'maps' },
);
const PRESENT = clause(
  'VIP-2',
  'vmf_insert_pfn returns VM_FAULT_NOPAGE where a page is already mapped, and leaves that mapping as it is.',
  'mm/memory.c, insert_pfn()',
);
const OUTSIDE = clause(
  'VIP-3',
  'vmf_insert_pfn at an address outside the VMA returns VM_FAULT_SIGBUS and changes nothing.',
  'mm/memory.c, vmf_insert_pfn_prot()',
);

const PROMISE = insertionByNumber(MAPS, PRESENT, OUTSIDE);

export const vmfInsertPfn = define({
  name: 'vmf_insert_pfn',
  side: 'user',
  summary: 'inserts one frame by number into a shared VM_PFNMAP VMA, as a fault handler does',
  noun: 'insertion',
  example: { steps: ['@0 v0 = mmap o0 2 pfnmap shared', '@0 vmf_insert_pfn v0 v0 f2'] },
  effect: 'fills',
  sees: 'nothing',
  parameters: [
    { name: 'vma', type: 'vma', which: (vma: KnownVma) => vma.kinds === PFNMAP && vma.shared },
    ADDRESS,
    { name: 'pfn', type: 'frame' },
    IN,
  ],
  draw: { addr: drawNearPage },
  outcomes: ['vmfault'],
  clauses: [MAPS, PRESENT, OUTSIDE],
  effects: [MAPS],
  weight: 10,
  undefinedHere(known, step) {
    const why = needsVma(known, step, PFNMAP) ?? needsUserPage(known, step.args[1]);
    if (why) return why;
    return knownVma(known, step)!.shared ? undefined : 'vmf_insert_pfn into a private VMA is undefined';
  },
  lacksMemory: returnsOom,
  predict: predictByNumber,
  effectsAtCall: true,
  end: (model, step, outcome) => endByNumber(model, step, outcome, PROMISE),
});
