import { clause } from '../../clauses/clause.ts';
import { COUNTING } from '../../clauses/common.ts';
import { PFNMAP } from '../../model/known.ts';
import type { Model } from '../../model/model.ts';
import { framesAt, type Vma } from '../../model/user/vma.ts';
import { isPoolFrame } from '../../notation/frame.ts';
import { define } from '../define.ts';
import { liesIn } from '../lies-in.ts';
import { returnsEnomem } from '../no-memory.ts';
import { IN } from '../spaces.ts';
import { endFrameLookup, isRefused, type PageLookup } from './lookup.ts';
import { boundVma, drawLivePage, knownVma, needsUserPage, needsVma } from './vmas.ts';

const PFNMAP_REFUSED = clause(
  'GUP-1',
  'get_user_pages of a page of a VM_PFNMAP VMA returns -EFAULT, whatever is mapped there.',
  'mm/gup.c, check_vma_flags()',
);
const FINDS = clause(
  'GUP-2',
  'get_user_pages of a mapped page of another VMA that can be read finds the page that is mapped there.',
  'kernel-doc of get_user_pages()',
);
const NONE = clause(
  'GUP-3',
  'get_user_pages returns -EFAULT where nothing is mapped and no fault handler maps anything, and for a VMA that cannot be read.',
  'mm/gup.c, faultin_page(), check_vma_flags()',
);
const COUNTS = clause(
  'GUP-4',
  'get_user_pages takes one reference of the page and no map count: after the caller has put the page, no count has changed.',
  'kernel-doc of get_user_pages(); mm/gup.c, try_grab_folio()',
  { promises: 'counts', needs: COUNTING },
);
const BY_NUMBER = clause(
  'GUP-5',
  'get_user_pages returns -EEXIST for a page of a VM_MIXEDMAP VMA whose frame is mapped by number.',
  'mm/gup.c, follow_pfn_pte()',
);

const LOOKUP: PageLookup = { finds: FINDS, none: NONE, refusal: 'EFAULT' };

/** Whether a page maps a frame of the pool without counting it. */
const isMappedByNumber = (vma: Vma, page: number): boolean =>
  vma.frames[page] >= 0 && isPoolFrame(vma.frames[page]) && vma.insertions[page]?.counted === undefined;

/** Judges -EEXIST: the call found a frame that is mapped by number. */
function endExists(model: Model, vma: Vma, page: number): void {
  const { block } = model.user;
  if (block) return block.find(vma, page, true, BY_NUMBER, '-EFAULT');
  if (vma.possible) model.user.settle(vma, page, (one) => one >= 0);
  if (vma.possible?.has(page)) return;
  model.expect(
    BY_NUMBER,
    isMappedByNumber(vma, page),
    () => 'the page that is mapped, or -EFAULT if nothing is mapped',
  );
}

/** Judges -ENOMEM: the call tried to fault the page in. False if the page is mapped, so there was nothing to fault in. */
function endOutOfMemory({ user }: Model, vma: Vma, page: number): boolean {
  if (user.block) user.block.find(vma, page, false, NONE, 'the page that is mapped');
  else if (!framesAt(vma, page).includes(-1)) return false;
  else user.settle(vma, page, (frame) => frame < 0);
  return true;
}

export const getUserPages = define({
  name: 'get_user_pages',
  side: 'user',
  summary: 'looks up the page at a user address, faults it in if it can, takes a reference and puts it again',
  noun: 'lookup',
  example: {
    steps: ['@0 v0 = mmap o0 1 mixedmap shared', '@0 vm_insert_page v0 v0 f2', '@0 get_user_pages v0'],
    outcome: 'f2',
  },
  effect: 'none',
  sees: 'tables',
  parameters: [{ name: 'addr', type: 'address', where: 'vma' }, IN],
  draw: { addr: (known, _drawn, choose) => drawLivePage(known, choose, () => true) },
  outcomes: ['frame', 'errno', 'other'],
  clauses: [PFNMAP_REFUSED, FINDS, NONE, COUNTS, BY_NUMBER],
  effects: [PFNMAP_REFUSED, FINDS],
  weight: 5,
  undefinedHere(known, step) {
    const [address] = step.args;
    const why = needsUserPage(known, address) ?? needsVma(known, step, ~0);
    if (why) return why;
    const inside = liesIn(knownVma(known, step)!, address.offset / known.page, 1);
    return inside ? undefined : 'the page must lie inside the VMA';
  },
  // To fault a page in takes page tables, also where nothing is mapped in the end.
  lacksMemory: returnsEnomem,
  effectsAtCall: true,
  end(model, step, outcome) {
    const vma = boundVma(model, step);
    const page = Math.floor(step.args[0].offset / model.page);
    const refused = isRefused(LOOKUP, outcome);
    if (vma.kinds === PFNMAP) return model.expect(PFNMAP_REFUSED, refused, () => '-EFAULT: the VMA is VM_PFNMAP');
    if (vma.protection?.forbids(false)) return model.expect(NONE, refused, () => '-EFAULT: the VMA cannot be read');
    if (outcome.kind === 'errno' && outcome.text === 'EEXIST') return endExists(model, vma, page);
    if (!model.user.block && !vma.possible?.has(page) && isMappedByNumber(vma, page))
      return model.violate(BY_NUMBER, '-EEXIST: the frame is mapped by number');
    if (returnsEnomem(model, step, outcome) && endOutOfMemory(model, vma, page)) return;
    const frame = endFrameLookup(model, vma, page, outcome, LOOKUP);
    if (frame !== undefined) model.count(frame, 0, 0, COUNTS);
  },
});
