import { clause } from '../../clauses/clause.ts';
import { COUNTING } from '../../clauses/common.ts';
import { MIXEDMAP, PFNMAP, PLAIN } from '../../model/known.ts';
import type { Model } from '../../model/model.ts';
import type { Removal } from '../../model/promises.ts';
import type { Vma } from '../../model/user/vma.ts';
import type { Outcome } from '../../notation/outcome.ts';
import type { Traits } from '../../profiles/traits.ts';
import { define } from '../define.ts';
import { IN } from '../spaces.ts';
import {
  ADDRESS,
  boundVma,
  drawRangeSize,
  drawRangeStart,
  knownPage,
  knownVma,
  namesRangeIn,
  needsUserPage,
  needsVma,
  pageIn,
  SIZE,
} from './vmas.ts';

const DOC = 'kernel-doc of zap_vma_ptes()';
const TABLES = clause(
  'ZAP-1',
  'zap_vma_ptes of a range fully inside a VM_PFNMAP VMA unmaps every page of the range: no CPU reaches what was there.',
  `${DOC}: "remove ptes mapping the vma"`,
  { promises: 'unmaps' },
);
const ACCESS = clause(
  'ZAP-2',
  'When zap_vma_ptes returns, no CPU can use an old translation of the range.',
  'mm/mmu_gather.c, tlb_finish_mmu()',
  { promises: 'flushes', where: { user_tlb: 'before-return' } },
);
const OUTSIDE = clause(
  'ZAP-3',
  'zap_vma_ptes changes nothing if the range is not fully inside the VMA.',
  `${DOC}: "The entire address range must be fully contained within the vma"`,
  { where: { zap_checks: 'all' } },
);
const OTHER_KIND = clause(
  'ZAP-4',
  'zap_vma_ptes only unmaps ptes of VM_PFNMAP VMAs; on any other VMA it changes nothing.',
  `${DOC}: "This function only unmaps ptes assigned to VM_PFNMAP vmas"`,
  { where: { zap_mixedmap: 'ignored', zap_checks: 'all' } },
);
const RETURNS = clause(
  'ZAP-5',
  'zap_vma_ptes returns 0 if successful, and another value if it refused.',
  `${DOC}: "Returns 0 if successful"`,
  { where: { zap_return: 'int' } },
);
const NOTHING = clause('ZAP-6', 'zap_vma_ptes of an empty range changes nothing.', 'mm/memory.c, zap_vma_ptes()');
const KEEPS = clause(
  'ZAP-7',
  'zap_vma_ptes leaves the pages outside the range, and every other VMA, as they are.',
  `${DOC}: "starting address of pages to zap", "number of bytes to zap"`,
  { promises: 'keeps' },
);
const COUNTS = clause(
  'ZAP-8',
  'zap_vma_ptes changes no count of frames that were mapped by number, and drops the counts that insertions took.',
  'mm/memory.c, zap_pte_range()',
  { promises: 'counts', needs: COUNTING },
);
const MIXED = clause(
  'ZAP-9',
  'zap_special_vma_range unmaps VM_MIXEDMAP VMAs too.',
  'mm/memory.c, zap_special_vma_range(), since Linux 7.1',
  { promises: 'unmaps', of: 'linux', where: { zap_mixedmap: 'zapped', zap_checks: 'all' } },
);
const UNCHECKED = clause(
  'ZAP-10',
  'zap_vma_ptes unmaps the range in a VMA of any kind.',
  'declared by the trait zap_checks=none',
  { promises: 'unmaps', where: { zap_checks: 'none' } },
);

/** The largest size, in bytes. A range that wraps around would pass Linux's test for containment, and hit a BUG. */
const MAX_SIZE = 2 ** 46;

const REMOVAL: Removal = { tables: TABLES, access: ACCESS, keeps: KEEPS, counts: COUNTS };
const REMOVAL_MIXED: Removal = { tables: MIXED, access: ACCESS, keeps: KEEPS, counts: COUNTS };
const REMOVAL_UNCHECKED: Removal = { tables: UNCHECKED, access: ACCESS, keeps: KEEPS, counts: COUNTS };

/** The kinds of VMA in which the call unmaps, as a set. */
function zappedKinds({ zap_checks: checks, zap_mixedmap: mixedmap }: Traits): number {
  if (checks === 'none') return PLAIN | PFNMAP | MIXEDMAP;
  return mixedmap === 'zapped' ? PFNMAP | MIXEDMAP : PFNMAP;
}

/** What a zap of a VMA of this kind promises. */
function promised(model: Model, kinds: number): Removal {
  if (kinds === PFNMAP) return REMOVAL;
  return model.applies(UNCHECKED) ? REMOVAL_UNCHECKED : REMOVAL_MIXED;
}

/** Judges the return value, where zap_vma_ptes returns an `int`. */
function returned(model: Model, outcome: Outcome, refused: boolean): void {
  if (!model.applies(RETURNS)) return;
  const zero = outcome.kind === 'number' && outcome.value === 0;
  model.expect(RETURNS, zero !== refused, () => (refused ? 'anything but 0: the call refuses' : '0'));
}

/** It is not known whether the VMA is of one of the kinds. The return value tells, where there is one. */
function learn(model: Model, vma: Vma, outcome: Outcome, kinds: number): void {
  if (!model.applies(RETURNS)) return;
  const zapped = outcome.kind === 'number' && outcome.value === 0;
  vma.kinds &= zapped ? kinds : ~kinds;
}

/** Applies the zap of a range inside the VMA, as far as the VMA's kind is known. */
function zap(model: Model, vma: Vma, from: number, to: number): void {
  const kinds = zappedKinds(model.traits);
  const sure = (vma.kinds & ~kinds) === 0;
  if (!sure && (vma.kinds & kinds) !== 0) return;
  if (!sure) return model.user.keep(model.applies(OTHER_KIND) ? OTHER_KIND : KEEPS);
  model.user.remove(vma, from, to, promised(model, vma.kinds));
  model.user.keep(KEEPS);
}

export const zapVmaPtes = define({
  name: 'zap_vma_ptes',
  side: 'user',
  summary: 'removes the ptes of a range of a VM_PFNMAP VMA',
  noun: 'zap',
  example: { steps: ['@0 v0 = mmap o0 2 pfnmap shared', '@0 zap_vma_ptes v0 v0 0x1000'] },
  effect: 'empties',
  sees: 'nothing',
  parameters: [{ name: 'vma', type: 'vma' }, ADDRESS, SIZE, IN],
  draw: { addr: drawRangeStart, size: drawRangeSize },
  outcomes: ['ok', 'number', 'errno'],
  clauses: [TABLES, ACCESS, OUTSIDE, OTHER_KIND, RETURNS, NOTHING, KEEPS, COUNTS, MIXED, UNCHECKED],
  effects: [TABLES, ACCESS, COUNTS, MIXED, UNCHECKED],
  weight: 14,
  returnsAnything: true,
  undefinedHere(known, step) {
    const why = needsVma(known, step, ~0) ?? needsUserPage(known, step.args[1]);
    if (why) return why;
    const size = step.args[2];
    if (size > MAX_SIZE) return 'the range must not wrap around';
    if (size % known.page !== 0) return 'the size must be whole pages';
    if (known.traits.zap_checks === 'all') return undefined;
    return namesRangeIn(known, knownVma(known, step)!, step.args[1], size)
      ? undefined
      : 'a range outside the VMA is undefined here: zap_vma_ptes does not check it';
  },
  predict(known, step) {
    const vma = knownVma(known, step)!;
    const address = step.args[1];
    // If the address is relative to another VMA that was never made, the step is skipped.
    if (address.index !== vma.name) return;
    const from = knownPage(known, vma, address);
    const pages = step.args[2] / known.page;
    // A VMA that may still be plain has mapped pages only if it is VM_PFNMAP by now, and then they are zapped.
    const kinds = PLAIN | zappedKinds(known.traits);
    if (from === undefined || from < 0 || from + pages > vma.pages || (vma.kinds & ~kinds) !== 0) return;
    vma.perhaps.fill(0, from, from + pages);
  },
  effectsAtCall: true,
  end(model, step, outcome) {
    const vma = boundVma(model, step);
    const from = pageIn(model, vma, step.args[1]);
    const pages = step.args[2] / model.page;
    const outside = from < 0 || from + pages > vma.pages;
    const kinds = zappedKinds(model.traits);
    if (pages === 0) return model.user.keep(NOTHING);
    if (outside) {
      model.user.keep(OUTSIDE);
      return returned(model, outcome, true);
    }
    zap(model, vma, from, from + pages);
    const sure = (vma.kinds & kinds) === 0 || (vma.kinds & ~kinds) === 0;
    if (sure) returned(model, outcome, (vma.kinds & kinds) === 0);
    else learn(model, vma, outcome, kinds);
  },
});
