import { clause } from '../../clauses/clause.ts';
import { UNMAP_KEEPS } from '../../clauses/common.ts';
import type { Known } from '../../model/known.ts';
import type { Model } from '../../model/model.ts';
import type { Mapping, Removal } from '../../model/promises.ts';
import type { Address } from '../../notation/address.ts';
import type { FrameId } from '../../notation/frame.ts';
import type { Choose, Step } from '../call.ts';
import { define } from '../define.ts';
import { cannotUnmap, framesOfArea, MAX_ALLOCATION, pagesOf } from './areas.ts';
import { cannotMove } from './permissions.ts';
import { SIZE } from './vmalloc.ts';

const MEMORY = clause(
  'VRE-1',
  'vrealloc returns virtually contiguous memory of at least the requested size, fully mapped, with a separate frame for each page. Of NULL, it allocates memory as vmalloc does.',
  'kernel-doc of vrealloc()',
  { promises: 'maps' },
);
const CONTENTS = clause(
  'VRE-2',
  'vrealloc keeps the contents up to the smaller of the old and the new size.',
  'kernel-doc of vrealloc(): "the contents of the object pointed to are preserved up to the lesser of the new and old sizes"',
);
const FREES = clause(
  'VRE-3',
  'vrealloc to no bytes frees the area, and returns NULL.',
  'kernel-doc of vrealloc(): "If size is 0 and p is not a NULL pointer, the object pointed to is freed"',
  { promises: 'unmaps' },
);
const TABLES = clause(
  'VRE-4',
  'When vrealloc returns another address, the page-table entries of the old area are gone.',
  'mm/vmalloc.c, vrealloc_noprof(), which calls vfree()',
  { promises: 'unmaps', needs: ['vmalloc_to_page'] },
);
const FAILURE = clause(
  'VRE-5',
  'A vrealloc that gets no memory returns NULL, and leaves the area as it was.',
  'mm/vmalloc.c, vrealloc_noprof()',
  { promises: 'keeps', rare: 'no-memory' },
);

const MAPPING: Mapping = { origin: 'vmalloc', maps: MEMORY };
const MOVED: Removal = { tables: TABLES, access: undefined, keeps: UNMAP_KEEPS, counts: TABLES };
const FREED: Removal = { tables: FREES, access: undefined, keeps: UNMAP_KEEPS, counts: FREES };

type ResizeStep = Step<readonly [area: Address, size: number]>;

/** Percentage of steps that free the area, and of sizes that are not whole pages. */
const FREE_PERCENT = 10;
const ODD_PERCENT = 30;
/** An area is drawn to grow by fewer pages than this. */
const MAX_MORE_PAGES = 3;

/** Draws a new size in bytes: 0, or at least as many pages as the area has. */
function drawSize(known: Known, [{ base, index }]: readonly [Address], choose: Choose): number {
  const pages = base === 'a' ? known.areas[index]!.pages : 1;
  if (base === 'a' && choose.chance(FREE_PERCENT)) return 0;
  const bytes = (pages + choose.below(MAX_MORE_PAGES)) * known.page;
  return bytes > 0 && choose.chance(ODD_PERCENT) ? bytes - 1 - choose.below(known.page - 1) : bytes;
}

/** Why the area cannot be given to the call; undefined if it can. */
function undefinedArea(known: Known, area: Address): string | undefined {
  if (area.base === 'null') return undefined;
  const why = cannotUnmap(known, area, ['vmalloc'], false);
  if (why) return why;
  const given = known.areas[area.index]!;
  const { forUser, mappedIn, pages } = given;
  const changed = cannotMove(given);
  if (changed) return changed;
  if (pages === 0) return `a${area.index} has no pages`;
  if (forUser) return `a${area.index} was made for user VMAs, and another address would not be`;
  return mappedIn < 0 ? undefined : `a VMA may map a${area.index}`;
}

/** The memory was resized: judges the address, and takes over what is kept. */
function endResized(model: Model, { binds, args: [{ base, index }, size] }: ResizeStep): void {
  const { kernel, outcome, page } = model;
  const frames = framesOfArea(binds, pagesOf(size, page));
  const old = base === 'a' ? kernel.named[index]! : undefined;
  const bytes = old ? Math.min(size, old.bytes ?? old.pages * page) : 0;
  const oldFrames: readonly FrameId[] = old?.frames ?? [];
  const stays = old?.start === outcome.value;
  // Memory that moves is allocated before the old area is freed.
  if (stays) kernel.unmap(index, MOVED);
  kernel.map(binds, outcome, frames, MAPPING);
  if (old && !stays) kernel.unmap(index, MOVED);
  kernel.named[binds]!.bytes = size;
  for (let i = 0; i < oldFrames.length && i * page < bytes; i++)
    model.keepWords(oldFrames[i], frames[i], Math.floor((bytes - i * page) / 8), CONTENTS);
}

export const vrealloc = define({
  name: 'vrealloc',
  side: 'kernel',
  summary: 'gives memory of vmalloc another size, perhaps at another address',
  noun: 'reallocation',
  example: { steps: ['@0 a0 = vmalloc 0x1000', '@0 a1 = vrealloc a0 0x2000'] },
  effect: 'moves',
  origin: 'vmalloc',
  sees: 'nothing',
  parameters: [{ name: 'area', type: 'area', origins: ['vmalloc'] }, SIZE],
  draw: { size: drawSize },
  binds: 'a',
  outcomes: ['address', 'null'],
  clauses: [MEMORY, CONTENTS, FREES, TABLES, FAILURE],
  effects: [MEMORY, CONTENTS, FREES, TABLES],
  weight: 6,
  sequential: true,
  undefinedHere(known, { args: [area, size] }) {
    if (known.traits.tlb === 'caller') return 'it is not specified when callers must flush';
    const why = undefinedArea(known, area);
    if (why) return why;
    if (size > MAX_ALLOCATION * known.page) return `an allocation has at most ${MAX_ALLOCATION} pages`;
    if (size === 0) return area.base === 'null' ? 'an allocation of no bytes is undefined here' : undefined;
    // Linux 6.12 keeps the pages behind the new size, and later versions may free them.
    return area.base === 'a' && pagesOf(size, known.page) < known.areas[area.index]!.pages
      ? `a${area.index} has more pages, and it is not specified which of them stay mapped`
      : undefined;
  },
  allocates: ({ binds, args: [, size] }, page) => framesOfArea(binds, pagesOf(size, page)),
  takes: ({ args: [, size] }, page) => pagesOf(size, page),
  lacksMemory: (_model, { args: [, size] }, outcome) => outcome.kind === 'null' && size > 0,
  predict(known, { binds, args: [{ base, index }, size] }) {
    const frames = framesOfArea(binds, pagesOf(size, known.page));
    if (size === 0) known.reserve(binds, 'vmalloc');
    else known.map(binds, 'vmalloc', frames, frames.length);
    if (base === 'a') known.unmap(index);
  },
  end(model, step, outcome) {
    const [{ base, index }, size] = step.args;
    if (size === 0) {
      model.expect(FREES, outcome.kind === 'null', () => 'null');
      if (base === 'a' && outcome.kind === 'null') model.kernel.unmap(index, FREED);
    } else if (outcome.kind === 'address') endResized(model, step);
    else model.kernel.keep(FAILURE);
  },
});
