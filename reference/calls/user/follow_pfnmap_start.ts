import { clause } from '../../clauses/clause.ts';
import { PFNMAP } from '../../model/known.ts';
import type { Vma } from '../../model/user/vma.ts';
import { isPrivateCopy } from '../../notation/frame.ts';
import { define } from '../define.ts';
import { liesIn } from '../lies-in.ts';
import { IN } from '../spaces.ts';
import { endNothing, isRefused, type PageLookup } from './lookup.ts';
import { ADDRESS, boundVma, drawInsidePage, knownVma, namesRangeIn, needsUserPage, needsVma, pageIn } from './vmas.ts';

const WRITABLE = clause(
  'FOL-3',
  'follow_pfnmap_start says that a mapped page of a VM_PFNMAP VMA is writable if and only if a write through the page tables would succeed: not in a VMA without write permission, and in a private VMA only for a copy.',
  'include/linux/mm.h, struct follow_pfnmap_args; Linux bd2fae8da794 "KVM: do not assume PTE is writable after follow_pfn"',
);
const SPECIAL = clause(
  'FOL-4',
  'follow_pfnmap_start says that a page is special if and only if its frame is mapped by number: a private copy is not.',
  'include/linux/mm.h, struct follow_pfnmap_args; mm/memory.c, follow_pfnmap_start()',
);
const NOT_MAPPED = clause(
  'FOL-5',
  'follow_pfnmap_start returns -EINVAL where nothing is mapped, and for every VMA that is not VM_PFNMAP.',
  'kernel-doc of follow_pfnmap_start()',
);

/** Whether a write to the page that maps `frame` succeeds. */
const isWritable = (vma: Vma, frame: number): boolean =>
  vma.shared ? vma.protection?.forbids(true) !== true : isPrivateCopy(frame);

export const followPfnmapStart = define({
  name: 'follow_pfnmap_start',
  side: 'user',
  summary: 'looks up a page of a VM_PFNMAP VMA in the page tables, and tells whether it is writable, or special',
  noun: 'lookup',
  example: {
    steps: ['@0 v0 = mmap o0 1 pfnmap private remap=f2', '@0 follow_pfnmap_start v0 v0 writable'],
    outcome: '0',
  },
  effect: 'none',
  sees: 'nothing',
  parameters: [
    { name: 'vma', type: 'vma' },
    ADDRESS,
    { name: 'field', type: 'choice', choices: ['writable', 'special'] },
    IN,
  ],
  draw: { addr: drawInsidePage },
  outcomes: ['number', 'errno'],
  clauses: [WRITABLE, SPECIAL, NOT_MAPPED],
  effects: [WRITABLE, SPECIAL],
  weight: 5,
  undefinedHere(known, step) {
    const why = needsVma(known, step, ~0) ?? needsUserPage(known, step.args[1]);
    if (why) return why;
    const inside = namesRangeIn(known, knownVma(known, step)!, step.args[1], known.page);
    return inside ? undefined : 'the page must lie inside the VMA';
  },
  effectsAtCall: true,
  end(model, step, outcome) {
    const vma = boundVma(model, step);
    const page = pageIn(model, vma, step.args[1]);
    const field = step.args[2];
    const finds = field === 'writable' ? WRITABLE : SPECIAL;
    const lookup: PageLookup = { finds, none: NOT_MAPPED, refusal: 'EINVAL' };
    const refused = isRefused(lookup, outcome);
    // A VMA that may be of several kinds has nothing mapped, so the answer does not depend on the kind.
    if (vma.kinds !== PFNMAP || !liesIn(vma, page, 1)) return model.expect(NOT_MAPPED, refused, () => '-EINVAL');
    if (!refused && outcome.kind !== 'number') return model.violate(finds, '0, 1 or -EINVAL');
    const { block } = model.user;
    if (block) return block.find(vma, page, !refused, refused ? NOT_MAPPED : finds, refused ? '0 or 1' : '-EINVAL');
    if (vma.possible) model.user.settle(vma, page, (one) => one >= 0 === !refused);
    // Overlapping calls may have left a copy there, or the frame that was copied.
    if (vma.possible?.has(page)) return;
    const frame = vma.frames[page];
    if (frame < 0) return endNothing(model, vma, page, outcome, lookup);
    const right = field === 'writable' ? isWritable(vma, frame) : !isPrivateCopy(frame);
    const allowed = `${right ? 1 : 0}: page ${page} of v${vma.name}, which is mapped`;
    if (refused) return model.user.missed(vma, page, allowed, finds);
    model.expect(finds, outcome.value === (right ? 1 : 0), () => allowed);
  },
});
