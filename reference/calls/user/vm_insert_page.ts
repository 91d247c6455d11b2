import { clause } from '../../clauses/clause.ts';
import { MIXEDMAP, PLAIN } from '../../model/known.ts';
import type { Insertion } from '../../model/promises.ts';
import { define } from '../call.ts';
import {
  ADDRESS,
  boundVma,
  drawNearPage,
  knownVma,
  needsUserPage,
  needsVma,
  ofKinds,
  pageIn,
  predictFill,
} from './vmas.ts';

const MAPS = clause(
  'INS-1',
  'When vm_insert_page returns 0, the page is mapped at the address, with one reference and one map count more.',
  'kernel-doc of vm_insert_page()',
);
const OUTSIDE = clause(
  'INS-2',
  'vm_insert_page at an address outside the VMA returns -EFAULT and changes nothing.',
  'mm/memory.c, vm_insert_page()',
);
const BUSY = clause(
  'INS-3',
  'vm_insert_page where a page is mapped already returns -EBUSY; what is mapped and all counts stay.',
  'mm/memory.c, insert_page_into_pte_locked()',
);

const INSERTION: Insertion = { maps: MAPS, counted: MAPS };

export const vmInsertPage = define({
  name: 'vm_insert_page',
  side: 'user',
  summary: 'inserts one page, counted, into a VMA that is then VM_MIXEDMAP',
  noun: 'insertion',
  example: { steps: ['@0 v0 = mmap o0 2 mixedmap shared', '@0 vm_insert_page v0 v0 f1'] },
  effect: 'fills',
  sees: 'nothing',
  parameters: [
    { name: 'vma', type: 'vma', which: ofKinds(PLAIN | MIXEDMAP) },
    ADDRESS,
    { name: 'page', type: 'frame' },
  ],
  draw: { addr: drawNearPage },
  outcomes: ['number', 'errno'],
  clauses: [MAPS, OUTSIDE, BUSY],
  weight: 10,
  undefinedHere: (known, step) => needsVma(known, step, PLAIN | MIXEDMAP) ?? needsUserPage(known, step.args[1]),
  predict(known, step) {
    const vma = knownVma(known, step)!;
    vma.kinds |= MIXEDMAP;
    predictFill(known, vma, step.args[1]);
  },
  effectsAtCall: true,
  claims: (known, step) => (knownVma(known, step)?.kinds === MIXEDMAP ? 'use' : 'own'),
  end(model, step, outcome) {
    const vma = boundVma(model, step);
    const page = pageIn(model, vma, step.args[1]);
    const frame = step.args[2];
    const name = outcome.kind === 'errno' ? outcome.text : '';
    if (page < 0 || page >= vma.pages) {
      model.user.keep(OUTSIDE);
      model.count(frame, 0, 0, OUTSIDE);
      return model.expect(OUTSIDE, name === 'EFAULT', () => '-EFAULT: the address is outside the VMA');
    }
    vma.kinds = outcome.kind === 'number' ? MIXEDMAP : vma.kinds | MIXEDMAP;
    if (model.user.block) {
      if (name === 'EBUSY') return model.user.block.find(vma, page, true, BUSY, '0');
      if (name === 'ENOMEM') return;
      if (outcome.kind !== 'number' || outcome.value !== 0) return model.violate(MAPS, '0, or -EBUSY');
      return model.user.insert(vma, page, frame, INSERTION);
    }
    if (vma.possible && name !== 'ENOMEM') model.user.settle(vma, page, (one) => one >= 0 === (name === 'EBUSY'));
    if (vma.frames[page] >= 0) {
      model.user.keep(BUSY);
      model.count(frame, 0, 0, BUSY);
      model.count(vma.frames[page], 0, 0, BUSY);
      if (name === 'ENOMEM') return;
      return model.expect(BUSY, name === 'EBUSY', () => '-EBUSY: a page is mapped there');
    }
    if (outcome.kind === 'number' && outcome.value === 0) return model.user.insert(vma, page, frame, INSERTION);
    if (name !== 'ENOMEM') return model.violate(MAPS, '0 (or -ENOMEM)');
    model.count(frame, 0, 0, MAPS);
  },
});
