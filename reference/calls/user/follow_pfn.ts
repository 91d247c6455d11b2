import { clause } from '../../clauses/clause.ts';
import { PFNMAP } from '../../model/known.ts';
import { isPoolFrame, printFrame } from '../../notation/frame.ts';
import { define } from '../call.ts';
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
  parameters: [{ name: 'vma', type: 'vma' }, ADDRESS],
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
    const refused = outcome.kind === 'errno' && outcome.text === 'EINVAL';
    const inside = page >= 0 && page < vma.pages;
    // A VMA that may be of several kinds has nothing mapped, so the answer does not depend on the kind.
    if (vma.kinds !== PFNMAP || !inside) return model.expect(NOT_MAPPED, refused, () => '-EINVAL');
    if (model.user.block) {
      if (outcome.kind === 'frame') return model.user.block.find(vma, page, outcome.value, MAPPED, '-EINVAL');
      if (!refused) return model.violate(MAPPED, 'a frame, or -EINVAL');
      return model.user.block.find(vma, page, false, NOT_MAPPED, 'the frame that is mapped');
    }
    if (vma.possible)
      model.user.settle(vma, page, (one) => (outcome.kind === 'frame' ? one === outcome.value : one < 0));
    const frame = vma.frames[page];
    if (frame >= 0) {
      const held =
        (outcome.kind === 'frame' && outcome.value === frame) || (outcome.kind === 'other' && !isPoolFrame(frame));
      if (held) return model.uphold(MAPPED);
      const allowed = `${printFrame(frame)}: page ${page} of v${vma.name}, which is mapped`;
      return refused ? model.user.missed(vma, page, allowed, MAPPED) : model.violate(MAPPED, allowed);
    }
    const removal = vma.removals[page];
    if (refused) {
      model.uphold(NOT_MAPPED);
      if (removal) model.uphold(removal.tables);
      vma.untabled[page] = true;
    } else if (removal && outcome.kind === 'frame' && outcome.value === vma.last[page]) {
      const allowed = '-EINVAL: the page was unmapped';
      // An earlier step showed that the page tables do not have it: this answer is wrong, not the call that unmapped it.
      if (vma.untabled[page]) model.violate(NOT_MAPPED, allowed, [removal.tables]);
      else model.violate(removal.tables, allowed, [NOT_MAPPED]);
    } else model.violate(NOT_MAPPED, '-EINVAL: the page is not mapped');
  },
});
