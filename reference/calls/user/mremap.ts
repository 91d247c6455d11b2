import { clause } from '../../clauses/clause.ts';
import { COUNTING, VMA_PLACE } from '../../clauses/common.ts';
import { type Known, PFNMAP } from '../../model/known.ts';
import type { KnownVma } from '../../model/known-space.ts';
import type { Model } from '../../model/model.ts';
import type { Removal } from '../../model/promises.ts';
import { printLocation } from '../../notation/outcome.ts';
import { define } from '../define.ts';
import { returnsEnomem } from '../no-memory.ts';
import { boundVma, needsVma, ofKinds } from './vmas.ts';

const MAPS = clause(
  'MRE-1',
  'When mremap has returned an address, the new VMA maps what the old one mapped, page by page, with the same permissions.',
  'mm/mremap.c, move_page_tables(); man page of mremap(2)',
);
const TABLES = clause(
  'MRE-2',
  'mremap unmaps the old addresses of a VMA that it moves, and the pages at the end of a VMA that it shrinks.',
  'mm/mremap.c, move_vma(), mremap_to(); man page of mremap(2)',
  { promises: 'unmaps' },
);
const ACCESS = clause(
  'MRE-3',
  'When mremap returns, no CPU can use a translation of an address that it has unmapped.',
  'mm/mremap.c, move_ptes()',
  { promises: 'flushes', where: { user_tlb: 'before-return' } },
);
const COUNTS = clause(
  'MRE-4',
  'mremap changes no count of the pages that stay mapped, and drops the counts that insertions took of those that it unmaps.',
  'mm/mremap.c, move_ptes(); mm/memory.c, zap_pte_range()',
  { promises: 'counts', needs: COUNTING },
);
const KEEPS = clause('MRE-5', 'mremap leaves all other VMAs as they are.', 'man page of mremap(2)', {
  promises: 'keeps',
});
const SHRINKS = clause(
  'MRE-6',
  'mremap to a smaller size returns the address that the VMA has.',
  'mm/mremap.c, the system call in Linux 6.12: "Always allow a shrinking remap"; shrink_vma() in 7.3; tools/testing/selftests/mm/pfnmap.c of 7.3, mremap_shrink',
);
const GROWS = clause(
  'MRE-7',
  'mremap of a VM_PFNMAP VMA to a larger size returns -EFAULT and changes nothing.',
  'mm/mremap.c, vma_to_resize() in Linux 6.12, check_prep_vma() in 7.3; tools/testing/selftests/mm/pfnmap.c of 7.3, mremap_expand',
);
const STAYS = clause(
  'MRE-8',
  'mremap with MREMAP_DONTUNMAP of a VM_PFNMAP VMA returns -EINVAL and changes nothing.',
  'mm/mremap.c, vma_to_resize() in Linux 6.12, check_prep_vma() in 7.3',
);

const REMOVAL: Removal = { tables: TABLES, access: ACCESS, keeps: KEEPS, counts: COUNTS };

/** The clause that says that the call is refused, and the errno; undefined where it is not refused. */
function refusal(vma: { readonly pages: number }, pages: number, flags: readonly string[] | undefined) {
  if (pages > vma.pages) return { clause: GROWS, errno: 'EFAULT' };
  return flags ? { clause: STAYS, errno: 'EINVAL' } : undefined;
}

/** The new VMA, as far as it is known. */
function predict(known: Known, vma: KnownVma, name: number, pages: number): void {
  const { kinds, shared, object, index, dontCopy, perhaps } = vma;
  known.mayStay(vma);
  known.mmap({ name, pages, kinds, shared, object, index, dontCopy }, -1, false);
  known.vmas[name]!.copied = vma.copied;
  known.vmas[name]!.perhaps.set(perhaps.subarray(0, pages));
  known.munmap(vma.name);
}

/** Judges an answer that must be a refusal. */
function refused(model: Model, { clause: refuses, errno }: NonNullable<ReturnType<typeof refusal>>): void {
  const { kind, text } = model.outcome;
  model.user.keep(refuses);
  model.expect(refuses, kind === 'errno' && text === errno, () => `-${errno}: the VMA is VM_PFNMAP`);
}

export const mremap = define({
  name: 'mremap',
  side: 'user',
  summary: 'moves a whole VMA to other addresses, or shrinks it where it is',
  noun: 'move',
  example: { steps: ['@0 v0 = mmap o0 2 pfnmap shared remap=f0', '@0 v1 = mremap v0 2'] },
  effect: 'moves',
  sees: 'nothing',
  parameters: [
    { name: 'vma', type: 'vma', which: (vma: KnownVma) => vma.cut === undefined },
    { name: 'pages', type: 'pages' },
    { name: 'flags', type: 'flags', optional: true, choices: ['dontunmap'], often: 5 },
  ],
  draw: {
    pages(known, [{ index }], choose) {
      const { pages, kinds } = known.vmas[index]!;
      if (choose.chance(60)) return pages;
      if (choose.chance(15) && kinds === PFNMAP) return pages + 1;
      return 1 + choose.below(pages);
    },
  },
  binds: 'v',
  outcomes: ['address', 'errno'],
  clauses: [MAPS, TABLES, ACCESS, COUNTS, KEEPS, SHRINKS, GROWS, STAYS],
  effects: [MAPS, TABLES, ACCESS, COUNTS],
  weight: 6,
  sequential: true,
  undefinedHere(known, step) {
    const [{ index }, pages, flags] = step.args;
    const why = needsVma(known, step, ~0);
    if (why) return why;
    const vma = known.vmas[index]!;
    if (pages < 1) return 'a VMA has at least one page';
    if (pages > vma.pages + 8) return 'a VMA can be asked to grow by at most 8 pages';
    if (flags && pages !== vma.pages) return 'with dontunmap the size must stay the same';
    if (!refusal(vma, pages, flags) || ofKinds(PFNMAP)(vma)) return undefined;
    return `v${index} may be no VM_PFNMAP VMA, so it is not known whether the call is refused`;
  },
  takes: (step) => step.args[1],
  lacksMemory: returnsEnomem,
  predict(known, step) {
    const [{ index }, pages, flags] = step.args;
    const vma = known.vmas[index]!;
    if (refusal(vma, pages, flags)) known.reserveVma(step.binds);
    else predict(known, vma, step.binds, pages);
  },
  end(model, step, outcome) {
    const [, pages, flags] = step.args;
    const vma = boundVma(model, step);
    const refusing = refusal(vma, pages, flags);
    if (refusing) return refused(model, refusing);
    model.user.keep(KEEPS);
    if (outcome.kind === 'errno') {
      if (outcome.text !== 'ENOMEM') model.violate(MAPS, 'an address, or -ENOMEM');
      return;
    }
    if (pages < vma.pages) {
      const here = outcome.value === vma.start && outcome.extra === 0;
      model.expect(SHRINKS, here, () => printLocation(vma.start, 0, model.page));
      if (!here) return;
    }
    model.user.mremap(vma, step.binds, pages, MAPS, REMOVAL);
    model.uphold(VMA_PLACE);
  },
});
