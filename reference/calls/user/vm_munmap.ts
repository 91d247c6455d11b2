import { clause } from '../../clauses/clause.ts';
import { COUNTING } from '../../clauses/common.ts';
import type { Known } from '../../model/known.ts';
import { type KnownVma, pagesLeft } from '../../model/known-space.ts';
import type { PageRange } from '../../model/user/vma.ts';
import { type Address, inVma } from '../../notation/address.ts';
import type { Choose } from '../call.ts';
import { define } from '../define.ts';
import { returnsEnomem } from '../no-memory.ts';
import { IN } from '../spaces.ts';
import { needsUserPage, partIn } from './vmas.ts';

const TABLES = clause(
  'MUN-5',
  'vm_munmap returns 0 and unmaps every page of the range, in all VMAs that it meets: no CPU reaches the frames that were there.',
  'mm/vma.c, do_vmi_align_munmap(); man page of munmap(2): "All pages containing a part of the indicated range are unmapped"',
  { promises: 'unmaps' },
);
const ACCESS = clause(
  'MUN-6',
  'When vm_munmap returns, no CPU can use an old translation of the range.',
  'mm/mmu_gather.c, tlb_finish_mmu()',
  { promises: 'flushes', where: { user_tlb: 'before-return' } },
);
const KEEPS = clause(
  'MUN-7',
  'vm_munmap leaves the pages outside the range as they are, those of a VMA that it cuts too.',
  'mm/vma.c, __split_vma(), vms_clear_ptes()',
  { promises: 'keeps' },
);
const COUNTS = clause(
  'MUN-8',
  'vm_munmap drops the references and map counts that insertions took in the range, and no others.',
  'mm/memory.c, zap_pte_range()',
  { promises: 'counts', needs: COUNTING },
);
const NOTHING = clause(
  'MUN-9',
  'vm_munmap of an empty range returns -EINVAL and changes nothing.',
  'mm/vma.c, do_vmi_munmap(); man page of munmap(2)',
);

const REMOVAL = { tables: TABLES, access: ACCESS, keeps: KEEPS, counts: COUNTS };

/** A part of a VMA that a range meets. */
interface Part extends PageRange {
  readonly vma: KnownVma;
}

/** The parts of neighbouring VMAs in a range. A text where the range is not fully covered by live VMAs. */
function partsIn(known: Known, start: Address, end: Address): readonly Part[] | string {
  let vma = known.vmas[start.index]!;
  const last = known.vmas[end.index]!;
  if (!vma.live || !last.live) return `v${vma.live ? last.name : vma.name} is not a live VMA`;
  let from = start.offset / known.page;
  const to = end.offset / known.page;
  if (from < 0 || from > vma.pages) return `the range must start in v${vma.name}`;
  if (to < 0 || to > last.pages) return `the range must end in v${last.name}`;
  const parts: Part[] = [];
  while (vma !== last) {
    const next = vma.next >= 0 ? known.vmas[vma.next] : undefined;
    if (next === undefined) return `no VMA is known to follow v${vma.name}`;
    parts.push({ vma, from, to: vma.pages });
    vma = next;
    from = 0;
  }
  if (to < from) return 'the range must not end before it starts';
  parts.push({ vma, from, to });
  const gone = parts.find((part) => part.from < part.to && pagesLeft(part.vma, part.from) < part.to - part.from);
  return gone ? `pages of v${gone.vma.name} in the range are unmapped already` : parts;
}

/** Draws a page that is still part of a VMA. */
function drawStart(known: Known, _drawn: readonly [], choose: Choose): Address | undefined {
  if (known.liveVmas.length === 0) return undefined;
  const vma = known.liveVmas[choose.below(known.liveVmas.length)];
  const page = choose.chance(40) ? 0 : choose.below(vma.pages);
  return inVma(vma.name, page * known.page);
}

/** Draws the end: mostly in the VMA where the range starts, often in the one that follows, and rarely the start itself. */
function drawEnd(known: Known, [start]: readonly [start: Address], choose: Choose): Address {
  const vma = known.vmas[start.index]!;
  const page = start.offset / known.page;
  if (choose.chance(4)) return start;
  if (vma.next >= 0 && choose.chance(50)) {
    const next = known.vmas[vma.next]!;
    return inVma(next.name, (1 + choose.below(next.pages)) * known.page);
  }
  const pages = Math.max(pagesLeft(vma, page), 1);
  return inVma(vma.name, (page + (choose.chance(30) ? pages : 1 + choose.below(pages))) * known.page);
}

export const vmMunmap = define({
  name: 'vm_munmap',
  side: 'user',
  summary: 'unmaps a range of addresses: a part of a VMA, or parts of several VMAs',
  noun: 'unmapping',
  example: { steps: ['@0 v0 = mmap o0 3 plain shared', '@0 vm_munmap v0+0x1000 v0+0x2000'], outcome: '0' },
  effect: 'cuts',
  sees: 'nothing',
  parameters: [{ name: 'start', type: 'address' }, { name: 'end', type: 'address' }, IN],
  draw: { start: drawStart, end: drawEnd },
  outcomes: ['number', 'errno'],
  clauses: [TABLES, ACCESS, KEEPS, COUNTS, NOTHING],
  effects: [TABLES, ACCESS, COUNTS],
  weight: 8,
  sequential: true,
  undefinedHere(known, step) {
    const [start, end] = step.args;
    const why = needsUserPage(known, start) ?? needsUserPage(known, end);
    if (why) return why;
    const parts = partsIn(known, start, end);
    return typeof parts === 'string' ? parts : undefined;
  },
  // A VMA that is cut in two needs memory for the second one.
  lacksMemory: returnsEnomem,
  predict(known, step) {
    const parts = partsIn(known, step.args[0], step.args[1]);
    if (typeof parts === 'string') return;
    for (const { vma, from, to } of parts) if (from < to) known.cut(vma.name, from, to);
  },
  end(model, step, outcome) {
    const pageOf = ({ index, offset }: Address): number =>
      model.user.named[index]!.start + Math.floor(offset / model.page);
    const start = pageOf(step.args[0]);
    const end = pageOf(step.args[1]);
    if (start === end) {
      model.user.keep(NOTHING);
      return model.expect(NOTHING, outcome.kind === 'errno' && outcome.text === 'EINVAL', () => '-EINVAL');
    }
    model.user.keep(KEEPS);
    if (outcome.kind === 'errno' && outcome.text === 'ENOMEM') return;
    if (outcome.kind !== 'number' || outcome.value !== 0) return model.violate(TABLES, '0 (or -ENOMEM)');
    for (const vma of [...model.user.live]) {
      const { from, to } = partIn(vma, start - vma.start, end - start);
      if (from < to) model.user.cut(vma, from, to, REMOVAL);
    }
  },
});
