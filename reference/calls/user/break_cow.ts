import { clause } from '../../clauses/clause.ts';
import { NOT_MAPPED } from '../../clauses/common.ts';
import type { Insertion, Removal } from '../../model/promises.ts';
import { isPrivateCopy, vmaFrame } from '../../notation/frame.ts';
import { define } from '../define.ts';

const COPIES = clause(
  'COW-2',
  'A write from user space to a mapped page of a private VMA makes a private copy; the frame is not written, and loses the counts that the mapping held.',
  'mm/memory.c, wp_page_copy()',
);

const INSERTION: Insertion = { maps: COPIES, counted: undefined };
const REMOVAL: Removal = { tables: COPIES, access: COPIES, keeps: COPIES, counts: COPIES };

export const breakCow = define({
  name: 'break_cow',
  side: 'user',
  summary: 'writes to a page of a private VMA from user space, which makes a private copy',
  noun: 'copy',
  example: { steps: ['@0 v0 = mmap o0 1 pfnmap private remap=f3', '@0 break_cow v0'] },
  effect: 'copies',
  sees: 'nothing',
  parameters: [{ name: 'addr', type: 'address', where: 'private' }],
  // `other`: the page became a copy that does not hold what the page held.
  outcomes: ['ok', 'fault', 'other'],
  clauses: [COPIES],
  effects: [COPIES],
  weight: 10,
  undefinedHere(known, step) {
    const { base, index, offset } = step.args[0];
    if (known.traits.user_tlb === 'caller')
      return 'the write may go through an old translation, so it is not known whether it makes a copy';
    const vma = base === 'v' ? known.vmas[index] : undefined;
    if (!vma?.live) return 'the address must be relative to a live VMA (v0+0x1000)';
    if (vma.cut) return `v${index} is no longer whole`;
    if (vma.shared) return `v${index} is shared`;
    return offset >= 0 && offset < vma.pages * known.page && offset % known.page === 0
      ? undefined
      : 'the address must be page aligned and inside the VMA';
  },
  allocates: ({ args: [{ index, offset }] }, page) => [vmaFrame(index, Math.floor(offset / page))],
  effectsAtCall: true,
  claims: 'own',
  end(model, step, outcome) {
    const { index, offset } = step.args[0];
    const vma = model.user.named[index]!;
    const page = offset / model.page;
    // The copy needs memory, so an injected failure may make it fail.
    if (outcome.kind === 'fault' && model.injected > 0) {
      const surelyMapped = !model.user.block && !vma.possible && vma.frames[page] >= 0;
      if (surelyMapped) model.explainByInjection();
      return;
    }
    if (outcome.kind === 'other') return model.violate(COPIES, 'ok: the copy holds what the page held');
    if (model.user.block) {
      model.stamp(vmaFrame(index, page));
      if (outcome.kind === 'ok') return model.user.block.copy(vma, page, vmaFrame(index, page), INSERTION);
      return model.user.block.copyOfNothing(vma, page, NOT_MAPPED);
    }
    if (vma.possible) model.user.settle(vma, page, (one) => one >= 0 === (outcome.kind === 'ok'));
    const frame = vma.frames[page];
    if (frame < 0) return model.expect(NOT_MAPPED, outcome.kind === 'fault', () => 'fault: nothing is mapped there');
    if (isPrivateCopy(frame))
      return model.expect(COPIES, outcome.kind === 'ok', () => 'ok: the page is a copy already');
    if (outcome.kind !== 'ok') return model.violate(COPIES, 'ok');
    model.stamp(vmaFrame(index, page));
    model.user.remove(vma, page, page + 1, REMOVAL);
    model.user.insert(vma, page, vmaFrame(index, page), INSERTION);
    model.user.keep(COPIES);
  },
});
