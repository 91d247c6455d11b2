import { clause } from '../../clauses/clause.ts';
import { MIXEDMAP, PLAIN } from '../../model/known.ts';
import type { Outcome } from '../../notation/outcome.ts';
import { define } from '../define.ts';
import { liesIn } from '../lies-in.ts';
import { returnsEnomem } from '../no-memory.ts';
import { IN } from '../spaces.ts';
import { type Answer, endInsertion, endOutside, type PageInsertion } from './insertion.ts';
import {
  ADDRESS,
  boundVma,
  drawNearPage,
  knownVma,
  needsUserPage,
  needsVma,
  noteAreaPages,
  ofKinds,
  pageIn,
  predictAreaPages,
  predictFill,
} from './vmas.ts';

const MAPS = clause(
  'INS-1',
  'When vm_insert_page returns 0, the page is mapped at the address and has one more reference and one more map count.',
  'kernel-doc of vm_insert_page()',
  { promises: 'maps' },
);
const OUTSIDE = clause(
  'INS-2',
  'vm_insert_page at an address outside the VMA returns -EFAULT and changes nothing.',
  'mm/memory.c, vm_insert_page()',
);
const BUSY = clause(
  'INS-3',
  'vm_insert_page returns -EBUSY where a page is already mapped; that mapping and all counts stay as they are.',
  'mm/memory.c, insert_page_into_pte_locked()',
);

const PROMISE: PageInsertion = {
  maps: MAPS,
  counted: MAPS,
  outside: OUTSIDE,
  present: BUSY,
  oneAnswer: false,
  answers: {
    outside: '-EFAULT: the address is outside the VMA',
    present: '-EBUSY: a page is mapped there',
    empty: '0 (or -ENOMEM)',
    overlapping: '0, or -EBUSY',
  },
};

function answerOf({ kind, value, text }: Outcome): Answer {
  if (kind === 'number') return value === 0 ? 'inserted' : 'wrong';
  if (kind !== 'errno') return 'wrong';
  return text === 'EBUSY' ? 'present' : text === 'ENOMEM' ? 'no memory' : 'wrong';
}

export const vmInsertPage = define({
  name: 'vm_insert_page',
  side: 'user',
  summary: 'inserts one page into a VMA, counts it, and makes the VMA VM_MIXEDMAP',
  noun: 'insertion',
  example: { steps: ['@0 v0 = mmap o0 2 mixedmap shared', '@0 vm_insert_page v0 v0 f1'] },
  effect: 'fills',
  sees: 'nothing',
  parameters: [
    { name: 'vma', type: 'vma', which: ofKinds(PLAIN | MIXEDMAP) },
    ADDRESS,
    { name: 'page', type: 'frame', areaPages: true },
    IN,
  ],
  draw: { addr: drawNearPage },
  outcomes: ['number', 'errno'],
  clauses: [MAPS, OUTSIDE, BUSY],
  effects: [MAPS],
  weight: 10,
  undefinedHere: (known, step) => needsVma(known, step, PLAIN | MIXEDMAP) ?? needsUserPage(known, step.args[1]),
  lacksMemory: returnsEnomem,
  predict(known, step) {
    const vma = knownVma(known, step)!;
    vma.kinds |= MIXEDMAP;
    predictFill(known, vma, step.args[1], 1);
    predictAreaPages(known, vma, step.args[2]);
  },
  effectsAtCall: true,
  claims: (known, step) => (knownVma(known, step)?.kinds === MIXEDMAP ? 'use' : 'own'),
  end(model, step, outcome) {
    const vma = boundVma(model, step);
    const page = pageIn(model, vma, step.args[1]);
    const frame = step.args[2];
    noteAreaPages(model, frame);
    const refused = outcome.kind === 'errno' && outcome.text === 'EFAULT';
    if (!liesIn(vma, page, 1)) return endOutside(model, [frame], refused, PROMISE);
    vma.kinds = outcome.kind === 'number' ? MIXEDMAP : vma.kinds | MIXEDMAP;
    endInsertion(model, vma, page, frame, answerOf(outcome), PROMISE);
  },
});
