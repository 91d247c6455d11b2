import { clause } from '../../clauses/clause.ts';
import { COUNTING } from '../../clauses/common.ts';
import { MIXEDMAP, PFNMAP, PLAIN } from '../../model/known.ts';
import type { Removal } from '../../model/promises.ts';
import { define } from '../define.ts';
import { IN } from '../spaces.ts';
import {
  ADDRESS,
  boundVma,
  drawInsidePage,
  knownPage,
  knownVma,
  namesRangeIn,
  needsUserPage,
  needsVma,
  pageIn,
  partIn,
  SIZE,
} from './vmas.ts';

const REFUSED = clause(
  'MAD-1',
  'madvise with MADV_DONTNEED, MADV_FREE, MADV_COLD or MADV_PAGEOUT of pages of a VM_PFNMAP VMA returns -EINVAL and changes nothing.',
  'mm/madvise.c, madvise_dontneed_free_valid_vma(), can_madv_lru_vma(); tools/testing/selftests/mm/pfnmap.c',
);
const TABLES = clause(
  'MAD-2',
  'madvise with MADV_DONTNEED of a range in a VMA that is not VM_PFNMAP returns 0 and unmaps every page of the range, private copies too.',
  'man page of madvise(2); mm/madvise.c, madvise_dontneed_single_vma()',
  { promises: 'unmaps' },
);
const ACCESS = clause(
  'MAD-3',
  'When madvise with MADV_DONTNEED returns, no CPU can use an old translation of the range.',
  'mm/mmu_gather.c, tlb_finish_mmu()',
  { promises: 'flushes', where: { user_tlb: 'before-return' } },
);
const KEEPS = clause(
  'MAD-4',
  'madvise leaves the pages outside the range, and every other VMA, as they are.',
  'man page of madvise(2)',
  { promises: 'keeps' },
);
const COUNTS = clause(
  'MAD-5',
  'madvise with MADV_DONTNEED drops the references and map counts that insertions took, and no others.',
  'mm/memory.c, zap_pte_range()',
  { promises: 'counts', needs: COUNTING },
);
const NOTHING = clause(
  'MAD-6',
  'madvise of an empty range returns 0 and changes nothing.',
  'mm/madvise.c, do_madvise()',
);

const REMOVAL: Removal = { tables: TABLES, access: ACCESS, keeps: KEEPS, counts: COUNTS };

export const madvise = define({
  name: 'madvise',
  side: 'user',
  summary: 'gives up the pages of a range of a VMA, or refuses to do that',
  noun: 'advice',
  example: {
    steps: ['@0 v0 = mmap o0 2 mixedmap shared', '@0 vm_insert_page v0 v0 f1', '@0 madvise v0 v0 0x1000 dontneed'],
    outcome: '0',
  },
  effect: 'empties',
  sees: 'nothing',
  parameters: [
    { name: 'vma', type: 'vma' },
    ADDRESS,
    SIZE,
    { name: 'advice', type: 'choice', choices: ['dontneed', 'free', 'cold', 'pageout'] },
    IN,
  ],
  draw: {
    addr: drawInsidePage,
    size(known, [vma, address], choose) {
      const rest = known.vmas[vma.index]!.pages - address.offset / known.page;
      if (choose.chance(5)) return 0;
      return (choose.chance(35) ? rest : 1 + choose.below(rest)) * known.page;
    },
    advice(known, [vma], choose) {
      const refused = known.vmas[vma.index]!.kinds === PFNMAP && choose.chance(30);
      return refused ? (['free', 'cold', 'pageout'] as const)[choose.below(3)] : 'dontneed';
    },
  },
  outcomes: ['number', 'errno'],
  clauses: [REFUSED, TABLES, ACCESS, KEEPS, COUNTS, NOTHING],
  effects: [TABLES, ACCESS, COUNTS],
  weight: 8,
  undefinedHere(known, step) {
    const [, address, size, advice] = step.args;
    const kinds = advice === 'dontneed' ? PLAIN | PFNMAP | MIXEDMAP : PFNMAP;
    const why = needsVma(known, step, kinds) ?? needsUserPage(known, address);
    if (why) return why;
    if (size % known.page !== 0) return 'the size must be whole pages';
    return namesRangeIn(known, knownVma(known, step)!, address, size) ? undefined : 'the range must lie inside the VMA';
  },
  predict(known, step) {
    const vma = knownVma(known, step)!;
    const from = knownPage(known, vma, step.args[1])!;
    if ((vma.kinds & PFNMAP) === 0) vma.perhaps.fill(0, from, from + step.args[2] / known.page);
  },
  effectsAtCall: true,
  end(model, step, outcome) {
    const vma = boundVma(model, step);
    const from = pageIn(model, vma, step.args[1]);
    const pages = step.args[2] / model.page;
    const zero = outcome.kind === 'number' && outcome.value === 0;
    if (pages === 0) {
      model.user.keep(NOTHING);
      return model.expect(NOTHING, zero, () => '0');
    }
    const refused = outcome.kind === 'errno' && outcome.text === 'EINVAL';
    // Where it is not known whether the VMA is VM_PFNMAP, the answer tells.
    if (vma.kinds !== PFNMAP && (vma.kinds & PFNMAP) !== 0) vma.kinds = refused ? PFNMAP : vma.kinds & ~PFNMAP;
    if (vma.kinds === PFNMAP) {
      model.user.keep(REFUSED);
      return model.expect(REFUSED, refused, () => '-EINVAL: the VMA is VM_PFNMAP');
    }
    if (!zero) return model.violate(TABLES, '0');
    const part = partIn(vma, from, pages);
    model.user.remove(vma, part.from, part.to, REMOVAL);
    model.user.keep(KEEPS);
  },
});
