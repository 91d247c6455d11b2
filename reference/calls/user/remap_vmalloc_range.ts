import { clause } from '../../clauses/clause.ts';
import { type Known, MIXEDMAP, PLAIN } from '../../model/known.ts';
import { type Address, inArea, inVma } from '../../notation/address.ts';
import type { Choose } from '../call.ts';
import { define } from '../define.ts';
import { returnsEnomem } from '../no-memory.ts';
import { IN } from '../spaces.ts';
import { boundVma, knownVma, ofKinds } from './vmas.ts';
import { endWhole, predictWhole, undefinedWhole, type WholeMapping } from './whole.ts';

const MAPS = clause(
  'RVR-1',
  'When remap_vmalloc_range returns 0, page i of the VMA maps page pgoff + i of the area.',
  'kernel-doc of remap_vmalloc_range()',
  { promises: 'maps' },
);
const REFUSED = clause(
  'RVR-2',
  'remap_vmalloc_range returns -EINVAL and changes nothing if the area was not allocated with vmalloc_user, or if it has fewer pages from pgoff on than the VMA.',
  'kernel-doc of remap_vmalloc_range(); mm/vmalloc.c, remap_vmalloc_range_partial()',
);
const BUSY = clause(
  'RVR-4',
  'remap_vmalloc_range returns -EBUSY at the first page of the VMA that is already mapped: the pages before it stay inserted, and everything else stays as it is.',
  'mm/vmalloc.c, remap_vmalloc_range_partial()',
);

const isCountable = ofKinds(PLAIN | MIXEDMAP);

const WHOLE: WholeMapping = { maps: MAPS, short: REFUSED, refusal: 'EINVAL', busy: BUSY };

/** Percentage of steps that name a VMA in which something may be mapped. */
const MAPPED_PERCENT = 20;
/** Percentage of steps that name any live area, not one that is made for user space and large enough. */
const ANY_AREA_PERCENT = 10;

function drawArea(known: Known, [vma]: readonly [vma: Address], choose: Choose): Address | undefined {
  const { pages } = known.vmas[vma.index]!;
  // Only vmalloc makes areas for user space. The other lists may be long, so they are read only where they matter.
  const fitting = choose.chance(ANY_AREA_PERCENT)
    ? Object.values(known.live).flat()
    : known.live.vmalloc.filter((area) => area.forUser && area.pages >= pages);
  return fitting.length === 0 ? undefined : inArea(fitting[choose.below(fitting.length)].name, 0);
}

/** Draws a VMA of a kind that fits: mostly one in which nothing is mapped, where such a VMA exists. */
function drawVma(known: Known, _drawn: readonly [], choose: Choose): Address | undefined {
  const live = known.liveVmas.filter(isCountable);
  const empty = choose.chance(MAPPED_PERCENT) ? [] : live.filter(({ perhaps }) => !perhaps.includes(1));
  const from = empty.length > 0 ? empty : live;
  return from.length === 0 ? undefined : inVma(from[choose.below(from.length)].name, 0);
}

export const remapVmallocRange = define({
  name: 'remap_vmalloc_range',
  side: 'user',
  summary: 'maps pages of an area of vmalloc_user in a whole VMA',
  noun: 'insertion',
  example: {
    steps: ['@0 a0 = vmalloc_user 0x2000', '@0 v0 = mmap o0 1 mixedmap shared', '@0 remap_vmalloc_range v0 a0 1'],
  },
  effect: 'fills',
  sees: 'nothing',
  parameters: [
    { name: 'vma', type: 'vma', which: isCountable },
    { name: 'area', type: 'area' },
    { name: 'pgoff', type: 'pages' },
    IN,
  ],
  draw: {
    vma: drawVma,
    area: drawArea,
    pgoff(known, [vma, area], choose) {
      const room = known.areas[area.index]!.pages - known.vmas[vma.index]!.pages;
      return choose.chance(10) ? Math.max(room, 0) + 1 : choose.below(Math.max(room, 0) + 1);
    },
  },
  outcomes: ['number', 'errno'],
  clauses: [MAPS, REFUSED, BUSY],
  effects: [MAPS, BUSY],
  weight: 20,
  undefinedHere(known, step) {
    const { base, index, offset } = step.args[1];
    const why = undefinedWhole(known, step);
    if (why) return why;
    if (base !== 'a' || !known.areas[index]?.live) return 'the area must be live';
    // Linux compares the range with the start of the area, and then takes pages beyond its end.
    return offset === 0 ? undefined : 'an area must be named by its first address';
  },
  predict(known, step) {
    const area = known.areas[step.args[1].index]!;
    if (!area.forUser) return;
    known.mapInUser(area, step.args[0].index);
    predictWhole(knownVma(known, step)!, area.pages - step.args[2]);
  },
  lacksMemory: returnsEnomem,
  effectsAtCall: true,
  claims: 'own',
  end(model, step, outcome) {
    const area = model.kernel.named[step.args[1].index]!;
    area.inUser = true;
    const pages = area.forUser ? area.frames : [];
    endWhole(model, boundVma(model, step), pages, step.args[2], outcome, WHOLE);
  },
});
