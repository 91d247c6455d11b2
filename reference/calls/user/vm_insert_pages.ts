import { clause } from '../../clauses/clause.ts';
import { MIXEDMAP, PLAIN } from '../../model/known.ts';
import type { Model } from '../../model/model.ts';
import type { Vma } from '../../model/user/vma.ts';
import type { FrameId } from '../../notation/frame.ts';
import { define } from '../define.ts';
import { liesIn } from '../lies-in.ts';
import { returnsEnomem } from '../no-memory.ts';
import { IN } from '../spaces.ts';
import { endInsertion, endOutside, type Failure, failureOf, type PageInsertion } from './insertion.ts';
import {
  ADDRESS,
  boundVma,
  drawNearPage,
  drawRangePages,
  knownPage,
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
  'INS-11',
  'When vm_insert_pages returns 0, page i of the range maps page i of the list, which has one more reference and one more map count.',
  'kernel-doc of vm_insert_pages() and vm_insert_page()',
  { promises: 'maps' },
);
const OUTSIDE = clause(
  'INS-12',
  'vm_insert_pages of a range that is not fully inside the VMA returns -EFAULT, with all pages left, and changes nothing.',
  'mm/memory.c, vm_insert_pages()',
);
const BUSY = clause(
  'INS-13',
  'vm_insert_pages returns -EBUSY at the first page of the range that is already mapped; that mapping and its counts stay as they are.',
  'mm/memory.c, insert_page_into_pte_locked()',
);
const PREFIX = clause(
  'INS-8',
  'When vm_insert_pages fails half way, the pages before the failure stay mapped, with one reference and one map count for each; no other page is inserted.',
  'kernel-doc of vm_insert_pages(): "we may have mapped a subset of the provided pages"; mm/memory.c, insert_pages()',
);
const LEFT = clause(
  'INS-14',
  'When vm_insert_pages fails, it tells how many pages it has not inserted.',
  'kernel-doc of vm_insert_pages(), @num: "number of pages that were *not* mapped"',
);
const EMPTY = clause(
  'INS-15',
  'vm_insert_pages of an empty list inside the VMA returns 0 and maps nothing.',
  'mm/memory.c, insert_pages()',
);

const ALL: PageInsertion = {
  maps: MAPS,
  counted: MAPS,
  outside: OUTSIDE,
  present: BUSY,
  oneAnswer: false,
  answers: {
    outside: '-EFAULT, with all pages left: the range is not fully inside the VMA',
    present: '-EBUSY: a page of the range is mapped',
    empty: '0 (or -ENOMEM)',
    overlapping: '0, or -EBUSY',
  },
};
/** The pages before the one at which the call failed. */
const BEFORE: PageInsertion = {
  ...ALL,
  maps: PREFIX,
  counted: PREFIX,
  present: LEFT,
  answers: { ...ALL.answers, present: 'more pages left: one before the failure was mapped' },
};
/** The page at which the call failed, if a later page of the range is mapped. */
const EARLY: PageInsertion = {
  ...ALL,
  maps: LEFT,
  answers: { ...ALL.answers, empty: 'fewer pages left: a later page is the first that is mapped' },
};

/** Judges a failure at page `failed` of the range, which starts at `page`, and counts what it has inserted before. */
function endFailure(model: Model, vma: Vma, page: number, frames: readonly FrameId[], failed: number, why: Failure) {
  for (let i = 0; i < failed && !model.violation; i++)
    endInsertion(model, vma, page + i, frames[i], 'inserted', BEFORE);
  if (model.violation) return;
  for (let i = failed + 1; i < frames.length; i++) model.count(frames[i], 0, 0, PREFIX);
  const later = frames.some((_, i) => i > failed && vma.frames[page + i] >= 0);
  endInsertion(model, vma, page + failed, frames[failed], why, later ? EARLY : ALL);
  // A frame may also be one that the failure found: its counts still depend on what was inserted before.
  for (let i = 0; i < failed; i++) model.count(frames[i], 0, 0, PREFIX);
  if (!model.violation && !model.overlapping) model.uphold(LEFT);
}

export const vmInsertPages = define({
  name: 'vm_insert_pages',
  side: 'user',
  summary: 'inserts several pages into consecutive addresses of a VMA, as vm_insert_page does with one',
  noun: 'insertion',
  example: { steps: ['@0 v0 = mmap o0 2 mixedmap shared', '@0 vm_insert_pages v0 v0 f1 f2'], outcome: '0' },
  effect: 'fills',
  sees: 'nothing',
  parameters: [
    { name: 'vma', type: 'vma', which: ofKinds(PLAIN | MIXEDMAP) },
    ADDRESS,
    { name: 'pages', type: 'frames', areaPages: true },
    IN,
  ],
  draw: { addr: drawNearPage },
  length: { pages: drawRangePages },
  outcomes: ['number', 'errno'],
  tellsLeft: true,
  clauses: [MAPS, OUTSIDE, BUSY, PREFIX, LEFT, EMPTY],
  effects: [MAPS, PREFIX],
  weight: 10,
  undefinedHere(known, step) {
    const [, address, pages] = step.args;
    const why = needsVma(known, step, PLAIN | MIXEDMAP) ?? needsUserPage(known, address);
    if (why || pages.length > 0) return why;
    const vma = knownVma(known, step)!;
    // Linux makes a page table for the address, even if no VMA is there.
    return (knownPage(known, vma, address) ?? vma.pages) === vma.pages
      ? 'an empty list must not start at the end of the VMA'
      : undefined;
  },
  predict(known, step) {
    const vma = knownVma(known, step)!;
    vma.kinds |= MIXEDMAP;
    predictFill(known, vma, step.args[1], step.args[2].length);
    predictAreaPages(known, vma, step.args[2]);
  },
  lacksMemory: returnsEnomem,
  effectsAtCall: true,
  claims: (known, step) => (knownVma(known, step)?.kinds === MIXEDMAP ? 'use' : 'own'),
  end(model, step, outcome) {
    const vma = boundVma(model, step);
    const [, address, frames] = step.args;
    const page = pageIn(model, vma, address);
    const pages = frames.length;
    noteAreaPages(model, frames);
    const left = outcome.kind === 'errno' ? outcome.note : 0;
    if (!liesIn(vma, page, pages)) return endOutside(model, frames, outcome.text === 'EFAULT' && left === pages, ALL);
    vma.kinds = left < pages ? MIXEDMAP : vma.kinds | MIXEDMAP;
    const failure = outcome.kind === 'errno' ? failureOf(model, outcome) : undefined;
    if (pages === 0) {
      const held = outcome.kind === 'number' ? outcome.value === 0 : failure === 'no memory' && left === 0;
      return model.expect(EMPTY, held, () => '0 (or -ENOMEM)');
    }
    if (failure) {
      if (left >= 1 && left <= pages) return endFailure(model, vma, page, frames, pages - left, failure);
      return model.violate(LEFT, `1 to ${pages} pages left: it failed at one of ${pages}`);
    }
    if (outcome.kind !== 'number' || outcome.value !== 0) return model.violate(MAPS, '0, or -EBUSY (or -ENOMEM)');
    for (let i = 0; i < pages && !model.violation; i++) endInsertion(model, vma, page + i, frames[i], 'inserted', ALL);
  },
});
