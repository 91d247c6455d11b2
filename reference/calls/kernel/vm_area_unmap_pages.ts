import { clause } from '../../clauses/clause.ts';
import { COUNTING } from '../../clauses/common.ts';
import type { Known } from '../../model/known.ts';
import type { Removal } from '../../model/promises.ts';
import { type Address, inArea } from '../../notation/address.ts';
import type { Choose } from '../call.ts';
import { define } from '../define.ts';
import { liesIn } from '../lies-in.ts';
import { AREA, knownSparse, START, undefinedRange, undefinedSparse } from './sparse.ts';
import { SIZE } from './vmalloc.ts';

const SOURCE = 'mm/vmalloc.c, vm_area_unmap_pages() and vunmap_range()';
const TABLES = clause(
  'SPA-5',
  'When vm_area_unmap_pages returns, the page-table entries of the range are gone.',
  SOURCE,
  { promises: 'unmaps', needs: ['vmalloc_to_page'] },
);
const ACCESS = clause(
  'SPA-6',
  'When vm_area_unmap_pages returns, no CPU reaches what was mapped in the range, without any flush by the caller.',
  SOURCE,
  { promises: 'flushes' },
);
const KEEPS = clause('SPA-7', 'vm_area_unmap_pages leaves everything outside the range mapped.', SOURCE, {
  promises: 'keeps',
});
const OUTSIDE = clause(
  'SPA-8',
  'vm_area_unmap_pages of a range that is not fully inside the area changes nothing.',
  'mm/vmalloc.c, check_sparse_vm_area()',
  { promises: 'keeps' },
);
const COUNTS = clause('SPA-9', 'vm_area_unmap_pages frees no page and changes no count.', SOURCE, {
  promises: 'counts',
  needs: COUNTING,
});

const REMOVAL: Removal = { tables: TABLES, access: ACCESS, keeps: KEEPS, counts: COUNTS };

/** Percentage of ranges that start before the area, or end behind it. */
const OUTSIDE_PERCENT = 4;

/** Draws the start of a range: mostly a page that may be mapped, rarely one before the area. */
function drawStart(known: Known, [area]: readonly [area: Address], choose: Choose): Address | undefined {
  const perhaps = known.areas[area.index]?.perhaps;
  if (!perhaps) return undefined;
  if (choose.chance(OUTSIDE_PERCENT)) return inArea(area.index, -known.page);
  const page = choose.below(perhaps.length);
  const mapped = perhaps.indexOf(1, page);
  return inArea(area.index, (mapped < 0 || choose.chance(20) ? page : mapped) * known.page);
}

/** Draws the size of a range that starts at the argument before: one page, up to the end of the area, or between. */
function drawSize(known: Known, [, { index, offset }]: readonly [Address, Address], choose: Choose): number {
  const left = known.areas[index]!.pages - offset / known.page;
  if (choose.chance(OUTSIDE_PERCENT)) return (left + 1) * known.page;
  return (choose.chance(50) ? 1 : choose.chance(40) ? left : 1 + choose.below(left)) * known.page;
}

export const vmAreaUnmapPages = define({
  name: 'vm_area_unmap_pages',
  side: 'kernel',
  summary: 'unmaps a part of a sparse area, and flushes it',
  noun: 'unmapping',
  example: {
    steps: ['@0 a0 = get_vm_area 0x1000', '@0 vm_area_map_pages a0 a0 f1', '@0 vm_area_unmap_pages a0 a0 0x1000'],
  },
  effect: 'empties',
  sees: 'nothing',
  parameters: [AREA, START, SIZE],
  draw: { start: drawStart, size: drawSize },
  outcomes: ['ok'],
  clauses: [TABLES, ACCESS, KEEPS, OUTSIDE, COUNTS],
  effects: [TABLES, ACCESS],
  weight: 10,
  sequential: true,
  undefinedHere: (known, step) => undefinedSparse(known) ?? undefinedRange(known, step, step.args[2] / known.page),
  predict(known, step) {
    const area = knownSparse(known, step);
    const from = step.args[1].offset / known.page;
    const pages = step.args[2] / known.page;
    if (area && liesIn(area, from, pages)) area.perhaps!.fill(0, from, from + pages);
  },
  end(model, step) {
    const [{ index }, { offset }, size] = step.args;
    const from = offset / model.page;
    const pages = size / model.page;
    if (!liesIn(model.kernel.named[index]!, from, pages)) return model.kernel.keep(OUTSIDE);
    model.kernel.unmapPart(index, from, pages, REMOVAL);
  },
});
