import { clause } from '../../clauses/clause.ts';
import { COUNTING } from '../../clauses/common.ts';
import type { Known } from '../../model/known.ts';
import type { Model } from '../../model/model.ts';
import type { Removal } from '../../model/promises.ts';
import { type Address, inArea } from '../../notation/address.ts';
import type { FrameId } from '../../notation/frame.ts';
import type { Outcome } from '../../notation/outcome.ts';
import type { Choose, Step } from '../call.ts';
import { define } from '../define.ts';
import { AREA, START, undefinedPart, undefinedSparse } from './sparse.ts';
import { SIZE } from './vmalloc.ts';

const SOURCE = 'mm/memory.c, apply_to_existing_page_range() and apply_to_pte_range()';
const EACH = clause(
  'APE-1',
  'apply_to_existing_page_range calls the function once for each page of the range that is mapped, in order and with the entry of that page, until it returns an error: the entries that the function cleared are gone.',
  'mm/memory.c, comment on apply_to_existing_page_range(): "Scan a region of virtual memory, calling a provided function on each leaf page table where it exists"',
  { promises: 'unmaps', needs: ['vmalloc_to_page'] },
);
const ACCESS = clause(
  'APE-2',
  'After apply_to_existing_page_range and flush_tlb_kernel_range of the range, no CPU reaches a page whose entry the function cleared.',
  'mm/vmalloc.c, vunmap_range(): clears entries, then flush_tlb_kernel_range()',
  { promises: 'flushes' },
);
const RETURNS = clause(
  'APE-3',
  'apply_to_existing_page_range returns the first result of the function that is not 0: -EBUSY at the first page of the range where the frame is mapped.',
  SOURCE,
);
const KEEPS = clause(
  'APE-4',
  'apply_to_existing_page_range calls the function for no page after such a result, and for none outside the range: these pages stay mapped.',
  SOURCE,
  { promises: 'keeps' },
);
const EMPTY = clause('APE-5', 'apply_to_existing_page_range of an empty range returns -EINVAL.', SOURCE, {
  rare: 'warning',
});
const ONLY_MAPPED = clause(
  'APE-6',
  'apply_to_existing_page_range does not call the function where nothing is mapped, and makes no page table there.',
  SOURCE,
);
const COUNTS = clause('APE-7', 'apply_to_existing_page_range changes no count of the pages.', SOURCE, {
  promises: 'counts',
  needs: COUNTING,
});

const REMOVAL: Removal = { tables: EACH, access: ACCESS, keeps: KEEPS, counts: COUNTS };

/** Percentage of ranges that are empty, of those that begin at any page, and of those that end with the area. */
const EMPTY_PERCENT = 3;
const ANYWHERE_PERCENT = 40;
const WHOLE_PERCENT = 40;

/** Draws the first page of a range: often one that may be mapped. */
function drawStart(known: Known, [area]: readonly [area: Address], choose: Choose): Address | undefined {
  const perhaps = known.areas[area.index]?.perhaps;
  if (!perhaps) return undefined;
  const page = choose.below(perhaps.length);
  const mapped = choose.chance(ANYWHERE_PERCENT) ? -1 : perhaps.indexOf(1, page);
  return inArea(area.index, (mapped < 0 ? page : mapped) * known.page);
}

/** Draws the size of a range: up to the end of the area, shorter, or rarely nothing. */
function drawSize(known: Known, [, { index, offset }]: readonly [Address, Address, FrameId], choose: Choose): number {
  const left = known.areas[index]!.pages - offset / known.page;
  if (choose.chance(EMPTY_PERCENT)) return 0;
  return (choose.chance(WHOLE_PERCENT) ? left : 1 + choose.below(left)) * known.page;
}

type Arguments = readonly [area: Address, start: Address, frame: FrameId, size: number];

/** Judges where the call stopped, of `pages` pages. Returns how many it has gone through; -1 if that is wrong. */
function judgeStop(
  model: Model,
  { args }: Step<Arguments>,
  { kind, text, value, note }: Outcome,
  pages: number,
): number {
  const { kernel } = model;
  const [{ index }, { offset }, frame] = args;
  const from = offset / model.page;
  const first = kernel.firstWith(index, frame, from, pages);
  const right = first < 0 ? '0' : `-EBUSY left ${from + pages - first}`;
  if (kind === 'errno' && (text === 'ENXIO' || text === 'ENOMEM')) model.violate(ONLY_MAPPED, right);
  else if (kind === 'errno' && text === 'EBUSY') {
    const stop = from + pages - note;
    const found = note >= 1 && note <= pages && (first < 0 || stop <= first) && kernel.findFrame(index, frame, stop);
    model.expect(RETURNS, found, () => right);
    if (found) return pages - note;
  } else {
    const done = kind === 'number' && value === 0 && first < 0;
    if (done) return pages;
    model.violate(RETURNS, right, first < 0 ? [] : [EACH]);
  }
  return -1;
}

export const applyToExistingPageRange = define({
  name: 'apply_to_existing_page_range',
  side: 'kernel',
  summary: 'calls a function for each mapped page of a range, which unmaps it, or refuses a page of a certain frame',
  noun: 'unmapping',
  example: {
    steps: [
      '@0 a0 = get_vm_area 0x2000',
      '@0 apply_to_page_range a0 a0 f1 f2',
      '@0 apply_to_existing_page_range a0 a0 f2 0x2000',
    ],
    outcome: '-EBUSY left 1',
  },
  effect: 'empties',
  sees: 'nothing',
  parameters: [AREA, START, { name: 'keep', type: 'frame' }, SIZE],
  draw: { start: drawStart, size: drawSize },
  outcomes: ['number', 'errno'],
  tellsLeft: true,
  clauses: [EACH, ACCESS, RETURNS, KEEPS, EMPTY, ONLY_MAPPED, COUNTS],
  effects: [EACH, ACCESS],
  weight: 9,
  sequential: true,
  warns: ({ args: [, , , size] }) => size === 0,
  undefinedHere: (known, step) => undefinedSparse(known) ?? undefinedPart(known, step, step.args[3] / known.page),
  predict() {
    // It may stop at any page, so no page is certainly unmapped.
  },
  end(model, step, outcome) {
    const { kernel } = model;
    const [{ index }, { offset }, frame, size] = step.args;
    const from = offset / model.page;
    const pages = size / model.page;
    if (pages === 0) return model.expect(EMPTY, outcome.kind === 'errno' && outcome.text === 'EINVAL', () => '-EINVAL');
    const done = judgeStop(model, step, outcome, pages);
    if (done < 0) return;
    if (!kernel.isSomeMapped(index, from, pages)) model.uphold(ONLY_MAPPED);
    kernel.missFrame(index, frame, from, done);
    kernel.unmapPart(index, from, done, REMOVAL);
  },
});
