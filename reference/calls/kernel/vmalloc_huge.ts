import { clause } from '../../clauses/clause.ts';
import type { Known } from '../../model/known.ts';
import type { Mapping } from '../../model/promises.ts';
import type { Choose } from '../call.ts';
import { define } from '../define.ts';
import { allocatedFrames, pagesOfSize, type SizeStep } from './areas.ts';
import { beginMemory, endMemory, failedToAllocate, predictMemory, SIZE, undefinedSize } from './vmalloc.ts';

const MEMORY = clause(
  'VM-7',
  'vmalloc_huge returns virtually contiguous memory of at least the requested size, fully mapped, with a separate frame for each page, whether it maps huge pages or not.',
  'kernel-doc of vmalloc_huge()',
  { promises: 'maps' },
);

const MAPPING: Mapping = { origin: 'vmalloc', maps: MEMORY };

/** How many pages a huge page has where a page table fills one page, as on x86-64, arm64 and riscv. */
const hugePages = (page: number): number => page / 8;

/** Percentage of sizes that are one huge page. */
const HUGE_PERCENT = 4;
/** Pages of the largest other size that is drawn. */
const MOST_PAGES = 16;

/** Draws a size in bytes: a few pages, or one huge page. */
function drawSize({ page, huge }: Known, _drawn: readonly [], choose: Choose): number {
  if (choose.chance(HUGE_PERCENT)) return (huge ?? hugePages(page)) * page;
  const bytes = (1 + choose.below(MOST_PAGES)) * page;
  return choose.chance(30) ? bytes - 1 : bytes;
}

/** Why the step is undefined here. Linux rounds the size up to whole huge pages, and maps the rest, too. */
function undefinedHugeSize(known: Known, step: SizeStep): string | undefined {
  const pages = pagesOfSize(step, known.page);
  const huge = hugePages(known.page);
  // A huge page is half as large on s390, and smaller still on POWER with pages of 64 KiB. Both count as small here.
  const small = pages <= huge / 2;
  return small || pages % huge === 0
    ? undefinedSize(known, step)
    : `the size must be at most ${huge / 2} pages, or whole huge pages of ${huge} pages`;
}

export const vmallocHuge = define({
  name: 'vmalloc_huge',
  side: 'kernel',
  summary: 'allocates virtually contiguous memory, and may map it with huge pages',
  noun: 'allocation',
  example: { steps: ['@0 a0 = vmalloc_huge 0x1001'] },
  effect: 'makes',
  origin: 'vmalloc',
  sees: 'nothing',
  parameters: [SIZE],
  draw: { size: drawSize },
  binds: 'a',
  outcomes: ['address', 'null'],
  clauses: [MEMORY],
  effects: [],
  weight: 4,
  undefinedHere: undefinedHugeSize,
  warns: (step) => step.args[0] === 0,
  allocates: allocatedFrames,
  takes: pagesOfSize,
  lacksMemory: failedToAllocate,
  predict: (known, step) => predictMemory(known, step),
  begin: (model, step, outcome) => beginMemory(model, step, outcome, MAPPING),
  end: (model, step, outcome) => endMemory(model, step, outcome, MAPPING),
});
