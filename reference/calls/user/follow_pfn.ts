import { clause } from '../../clauses/clause.ts';
import { PFNMAP } from '../../model/known.ts';
import { define } from '../define.ts';
import { liesIn } from '../lies-in.ts';
import { IN } from '../spaces.ts';
import { endFrameLookup, isRefused, type PageLookup } from './lookup.ts';
import { ADDRESS, boundVma, drawInsidePage, knownPage, knownVma, needsUserPage, needsVma, pageIn } from './vmas.ts';

const MAPPED = clause(
  'FOL-1',
  'follow_pfn of a mapped page of a VM_PFNMAP VMA returns the frame that is mapped; for a private copy it never returns the frame that was copied.',
  'kernel-doc of follow_pfn(), follow_pfnmap_start()',
);
const NOT_MAPPED = clause(
  'FOL-2',
  'follow_pfn returns -EINVAL where nothing is mapped, and for every VMA that is not VM_PFNMAP.',
  'kernel-doc of follow_pfn(), follow_pfnmap_start()',
);

const LOOKUP: PageLookup = { finds: MAPPED, none: NOT_MAPPED, refusal: 'EINVAL' };

export const followPfn = define({
  name: 'follow_pfn',
  side: 'user',
  summary: 'looks up a user address of a VM_PFNMAP VMA in the page tables',
  noun: 'lookup',
  example: {
    steps: ['@0 v0 = mmap o0 2 pfnmap shared', '@0 remap_pfn_range v0 v0 f2 0x1000', '@0 follow_pfn v0 v0'],
    outcome: 'f2',
  },
  effect: 'none',
  sees: 'tables',
  parameters: [{ name: 'vma', type: 'vma' }, ADDRESS, IN],
  draw: { addr: drawInsidePage },
  outcomes: ['frame', 'errno', 'other'],
  clauses: [MAPPED, NOT_MAPPED],
  effects: [MAPPED],
  weight: 10,
  undefinedHere(known, step) {
    const why = needsVma(known, step, ~0) ?? needsUserPage(known, step.args[1]);
    if (why) return why;
    const vma = knownVma(known, step)!;
    const page = knownPage(known, vma, step.args[1]);
    if (page !== undefined && page >= 0 && page < vma.pages) return undefined;
    return known.traits.follow_outside === 'refused' ? undefined : 'follow_pfn outside the VMA is undefined here';
  },
  effectsAtCall: true,
  end(model, step, outcome) {
    const vma = boundVma(model, step);
    const page = pageIn(model, vma, step.args[1]);
    // A VMA that may be of several kinds has nothing mapped, so the answer does not depend on the kind.
    if (vma.kinds !== PFNMAP || !liesIn(vma, page, 1))
      return model.expect(NOT_MAPPED, isRefused(LOOKUP, outcome), () => '-EINVAL');
    endFrameLookup(model, vma, page, outcome, LOOKUP);
  },
});
