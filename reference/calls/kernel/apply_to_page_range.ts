import { clause } from '../../clauses/clause.ts';
import { COUNTING } from '../../clauses/common.ts';
import type { Known } from '../../model/known.ts';
import type { Model } from '../../model/model.ts';
import { type Address, inArea } from '../../notation/address.ts';
import type { FrameId } from '../../notation/frame.ts';
import type { Outcome } from '../../notation/outcome.ts';
import type { Choose } from '../call.ts';
import { define } from '../define.ts';
import { returnsEnomem } from '../no-memory.ts';
import { AREA, drawFreePage, freePages, knownSparse, START, undefinedPart, undefinedSparse } from './sparse.ts';

const SOURCE = 'mm/memory.c, apply_to_page_range() and apply_to_pte_range()';
const EACH = clause(
  'APR-1',
  'When apply_to_page_range returns 0, it has called the function once for each page of the range, in order and with the entry of that page: every CPU reaches frame i of the list at page i.',
  'mm/memory.c, comment on apply_to_page_range(): "calling a provided function on each leaf page table"',
  { promises: 'maps' },
);
const RETURNS = clause(
  'APR-2',
  'apply_to_page_range returns the first result of the function that is not 0: -EBUSY at the first page of the range that is already mapped.',
  SOURCE,
);
const STOPS = clause(
  'APR-3',
  'After a result that is not 0, apply_to_page_range does not call the function again; the entries that it set before stay.',
  SOURCE,
);
const EMPTY = clause('APR-4', 'apply_to_page_range of an empty range returns -EINVAL.', SOURCE, { rare: 'warning' });
const COUNTS = clause('APR-5', 'apply_to_page_range changes no count of the pages.', SOURCE, {
  promises: 'counts',
  needs: COUNTING,
});

/** Percentage of ranges that start at a page that is certainly not mapped, if there is one. */
const FREE_PERCENT = 85;
/** Percentage of ranges that are empty, and of those that end before the next page that may be mapped. */
const EMPTY_PERCENT = 4;
const FITTING_PERCENT = 50;
/** How many pages the other ranges have at most. */
const MAX_PAGES_DRAWN = 4;

/** Draws a page of the area: mostly one that is not mapped. */
function drawStart(known: Known, [area]: readonly [area: Address], choose: Choose): Address | undefined {
  const perhaps = known.areas[area.index]?.perhaps;
  if (!perhaps) return undefined;
  const free = choose.chance(FREE_PERCENT) ? drawFreePage(perhaps, choose) : -1;
  return inArea(area.index, (free < 0 ? choose.below(perhaps.length) : free) * known.page);
}

/** Draws the number of frames: up to the next page that may be mapped, across it, or rarely none. */
function drawLength(known: Known, [, { index, offset }]: readonly [Address, Address], choose: Choose): number {
  const perhaps = known.areas[index]!.perhaps!;
  const page = offset / known.page;
  const left = perhaps.length - page;
  if (choose.chance(EMPTY_PERCENT)) return 0;
  if (choose.chance(FITTING_PERCENT)) return Math.max(1, freePages(perhaps, page));
  return 1 + choose.below(Math.min(left, MAX_PAGES_DRAWN));
}

/** Judges a failure half way, and maps the frames that the function has mapped before. */
function endFailure(model: Model, index: number, from: number, frames: readonly FrameId[], outcome: Outcome): void {
  const { kernel } = model;
  const pages = frames.length;
  const done = pages - outcome.note;
  if (done < 0 || done >= pages) return model.violate(STOPS, `1 to ${pages} pages left: it failed at one of ${pages}`);
  if (kernel.isSomeMapped(index, from, done))
    return model.violate(STOPS, 'more pages left: a page before the failure was mapped');
  if (outcome.text === 'EBUSY') {
    const found = kernel.findMapped(index, from + done);
    model.expect(RETURNS, found, () => 'no -EBUSY at a page that is not mapped');
  }
  kernel.fillPart(index, from, frames.slice(0, done), { origin: 'sparse', maps: STOPS });
  if (!model.violation) model.uphold(STOPS);
}

export const applyToPageRange = define({
  name: 'apply_to_page_range',
  side: 'kernel',
  summary: 'calls a function for each page of a range, which maps a frame there, or refuses a page that is mapped',
  noun: 'mapping',
  example: { steps: ['@0 a0 = get_vm_area 0x2000', '@0 apply_to_page_range a0 a0 f1 f2'], outcome: '0' },
  effect: 'fills',
  sees: 'nothing',
  parameters: [AREA, START, { name: 'pages', type: 'frames' }],
  draw: { start: drawStart },
  length: { pages: drawLength },
  outcomes: ['number', 'errno'],
  tellsLeft: true,
  clauses: [EACH, RETURNS, STOPS, EMPTY, COUNTS],
  effects: [EACH, STOPS],
  weight: 9,
  sequential: true,
  warns: ({ args: [, , frames] }) => frames.length === 0,
  undefinedHere: (known, step) => undefinedSparse(known) ?? undefinedPart(known, step, step.args[2].length),
  lacksMemory: returnsEnomem,
  predict(known, step) {
    const from = step.args[1].offset / known.page;
    knownSparse(known, step)?.perhaps?.fill(1, from, from + step.args[2].length);
  },
  end(model, step, outcome) {
    const { kernel } = model;
    const { kind, text, value } = outcome;
    const [{ index }, { offset }, frames] = step.args;
    const from = offset / model.page;
    for (const frame of frames) model.count(frame, 0, 0, COUNTS);
    if (frames.length === 0) return model.expect(EMPTY, kind === 'errno' && text === 'EINVAL', () => '-EINVAL');
    if (kind === 'errno' && (text === 'EBUSY' || text === 'ENOMEM'))
      return endFailure(model, index, from, frames, outcome);
    const mapped = kernel.isSomeMapped(index, from, frames.length);
    const done = kind === 'number' && value === 0;
    if (!done || mapped) return model.violate(RETURNS, `${mapped ? '-EBUSY: a page is mapped' : '0'} (or -ENOMEM)`);
    kernel.fillPart(index, from, frames, { origin: 'sparse', maps: EACH });
  },
});
