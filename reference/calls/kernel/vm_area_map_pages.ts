import { clause } from '../../clauses/clause.ts';
import { COUNTING } from '../../clauses/common.ts';
import type { Known } from '../../model/known.ts';
import type { Mapping } from '../../model/promises.ts';
import { type Address, inArea } from '../../notation/address.ts';
import type { Choose } from '../call.ts';
import { define } from '../define.ts';
import { liesIn } from '../lies-in.ts';
import { returnsEnomem } from '../no-memory.ts';
import { AREA, drawFreePage, freePages, knownSparse, START, undefinedRange, undefinedSparse } from './sparse.ts';

const SOURCE = 'mm/vmalloc.c, vm_area_map_pages()';
const MAPS = clause(
  'SPA-1',
  'When vm_area_map_pages returns 0, every CPU reaches frame i of the list at page i of the range.',
  'kernel-doc of vm_area_map_pages(): "map pages inside given sparse vm_area"',
  { promises: 'maps' },
);
const OUTSIDE = clause(
  'SPA-2',
  'vm_area_map_pages of a range that is not fully inside the area returns -ERANGE, and maps nothing.',
  'mm/vmalloc.c, check_sparse_vm_area()',
);
const COUNTS = clause('SPA-3', 'vm_area_map_pages changes no count of the pages.', SOURCE, {
  promises: 'counts',
  needs: COUNTING,
});
const FAILS = clause(
  'SPA-4',
  'vm_area_map_pages of a range inside the area, in which nothing is mapped, fails only with -ENOMEM; it may then have mapped any of the pages.',
  SOURCE,
);

const MAPPING: Mapping = { origin: 'sparse', maps: MAPS };

/** Percentage of ranges that start before the area, or end behind it. */
const OUTSIDE_PERCENT = 5;

/** Draws a page of the area that is not mapped, or rarely the page before the area; undefined if all are mapped. */
function drawStart(known: Known, [area]: readonly [area: Address], choose: Choose): Address | undefined {
  const perhaps = known.areas[area.index]?.perhaps;
  if (!perhaps) return undefined;
  if (choose.chance(OUTSIDE_PERCENT)) return inArea(area.index, (choose.chance(50) ? -1 : perhaps.length) * known.page);
  const page = drawFreePage(perhaps, choose);
  return page < 0 ? undefined : inArea(area.index, page * known.page);
}

/** Draws how many frames are mapped: mostly as many as fit before the next page that is mapped, or fewer. */
function drawLength(known: Known, [, { index, offset }]: readonly [Address, Address], choose: Choose): number {
  const perhaps = known.areas[index]!.perhaps!;
  const free = freePages(perhaps, Math.max(offset / known.page, 0));
  if (choose.chance(OUTSIDE_PERCENT)) return free + 1;
  return choose.chance(30) ? free : 1 + choose.below(Math.min(Math.max(free, 1), 4));
}

export const vmAreaMapPages = define({
  name: 'vm_area_map_pages',
  side: 'kernel',
  summary: 'maps pages at a part of a sparse area',
  noun: 'mapping',
  example: { steps: ['@0 a0 = get_vm_area 0x2000', '@0 vm_area_map_pages a0 a0+0x1000 f1'], outcome: '0' },
  effect: 'fills',
  sees: 'nothing',
  parameters: [AREA, START, { name: 'pages', type: 'frames' }],
  draw: { start: drawStart },
  length: { pages: drawLength },
  outcomes: ['number', 'errno'],
  clauses: [MAPS, OUTSIDE, COUNTS, FAILS],
  effects: [MAPS],
  weight: 10,
  sequential: true,
  undefinedHere(known, step) {
    const [, start, pages] = step.args;
    const why = undefinedSparse(known) ?? undefinedRange(known, step, pages.length);
    if (why) return why;
    const area = knownSparse(known, step)!;
    const from = start.offset / known.page;
    if (!liesIn(area, from, pages.length)) return undefined;
    return freePages(area.perhaps!, from) < pages.length ? 'a page of the range may be mapped already' : undefined;
  },
  lacksMemory: returnsEnomem,
  predict(known, step) {
    const area = knownSparse(known, step);
    const from = step.args[1].offset / known.page;
    const pages = step.args[2].length;
    if (area && liesIn(area, from, pages)) area.perhaps!.fill(1, from, from + pages);
  },
  end(model, step, outcome) {
    const { kind, value, text } = outcome;
    const [{ index }, { offset }, frames] = step.args;
    const from = offset / model.page;
    const inside = liesIn(model.kernel.named[index]!, from, frames.length);
    for (const frame of frames) model.count(frame, 0, 0, COUNTS);
    if (!inside) return model.expect(OUTSIDE, kind === 'errno' && text === 'ERANGE', () => '-ERANGE');
    const done = kind === 'number' && value === 0;
    model.expect(FAILS, done || returnsEnomem(model, step, outcome), () => '0 (or -ENOMEM)');
    model.kernel.mapPart(index, from, frames, MAPPING, done);
  },
});
