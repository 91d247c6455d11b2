import { clause } from '../../clauses/clause.ts';
import { PFNMAP, PLAIN } from '../../model/known.ts';
import type { KnownVma } from '../../model/known-space.ts';
import type { Insertion } from '../../model/promises.ts';
import { inVma } from '../../notation/address.ts';
import { define } from '../define.ts';
import { IN } from '../spaces.ts';
import { ADDRESS, boundVma, knownVma, needsVma, pageIn, partIn, SIZE } from './vmas.ts';

const MAPS = clause(
  'RPR-1',
  'When remap_pfn_range returns 0, page i of the range maps frame pfn+i, and no count has changed.',
  'kernel-doc of remap_pfn_range()',
  { promises: 'maps' },
);
const NOTHING = clause(
  'RPR-4',
  'When remap_pfn_range fails, nothing of the range is mapped.',
  'mm/memory.c, remap_pfn_range(): "A partial pfn range mapping is dangerous"',
);
const ONCE = clause(
  'RPR-7',
  'A VMA can be remapped as a whole only once, until it is unmapped.',
  'mm/memory.c, pfnmap_track, Linux 7 on x86',
  { of: 'linux', where: { full_remap: 'once' } },
);

export const INSERTION: Insertion = { maps: MAPS, counted: undefined };

/** How many pages from `page` on are certainly not mapped. */
function emptyRun(vma: KnownVma, page: number): number {
  let end = page;
  while (end < vma.pages && vma.perhaps[end] === 0) end++;
  return end - page;
}

export const remapPfnRange = define({
  name: 'remap_pfn_range',
  side: 'user',
  summary: 'maps consecutive frames into a shared VMA',
  noun: 'remap',
  example: { steps: ['@0 v0 = mmap o0 2 pfnmap shared', '@0 remap_pfn_range v0 v0 f2 0x1000'] },
  effect: 'fills',
  sees: 'nothing',
  parameters: [
    {
      name: 'vma',
      type: 'vma',
      which: (vma: KnownVma) => vma.shared && (vma.kinds & ~(PLAIN | PFNMAP)) === 0 && vma.perhaps.includes(0),
    },
    ADDRESS,
    { name: 'pfn', type: 'frame' },
    SIZE,
    IN,
  ],
  draw: {
    addr(known, drawn, choose) {
      const vma = known.vmas[drawn[0].index]!;
      const first = choose.chance(50) ? 0 : choose.below(vma.pages);
      for (let n = 0; n < vma.pages; n++) {
        const page = (first + n) % vma.pages;
        if (vma.perhaps[page] === 0) return inVma(vma.name, page * known.page);
      }
      return undefined;
    },
    size(known, drawn, choose) {
      const run = emptyRun(known.vmas[drawn[0].index]!, drawn[1].offset / known.page);
      const most = Math.min(run, known.frames - drawn[2]);
      return (choose.chance(50) ? most : 1 + choose.below(most)) * known.page;
    },
  },
  outcomes: ['number', 'errno'],
  clauses: [MAPS, NOTHING, ONCE],
  effects: [MAPS],
  weight: 10,
  undefinedHere(known, step) {
    const why = needsVma(known, step, PLAIN | PFNMAP);
    if (why) return why;
    const vma = knownVma(known, step)!;
    const [, address, frame, size] = step.args;
    if (!vma.shared) return 'a private VMA can only be remapped by mmap itself (remap=f0)';
    if (address.base !== 'v' || address.index !== vma.name) return `the address must be relative to v${vma.name}`;
    const from = address.offset / known.page;
    const pages = size / known.page;
    if (!Number.isInteger(from) || !Number.isInteger(pages) || pages < 1)
      return 'the range must be one or more whole pages';
    if (from < 0 || from + pages > vma.pages) return 'the range must lie inside the VMA';
    if (frame + pages > known.frames)
      return `${pages} frames from f${frame} on go beyond the last frame, f${known.frames - 1}`;
    return emptyRun(vma, from) >= pages ? undefined : 'a page of the range may already be mapped';
  },
  frameCount: (step, page) => step.args[3] / page,
  lacksMemory: (model, _step, { kind, text }) => kind === 'errno' && text === 'ENOMEM' && !model.applies(ONCE),
  predict(known, step) {
    const vma = knownVma(known, step)!;
    const [, address, , size] = step.args;
    const from = address.offset / known.page;
    vma.perhaps.fill(1, from, from + size / known.page);
    vma.kinds |= PFNMAP;
  },
  effectsAtCall: true,
  claims: 'own',
  end(model, step, outcome) {
    const vma = boundVma(model, step);
    const [, address, frame, size] = step.args;
    const from = pageIn(model, vma, address);
    const pages = size / model.page;
    const whole = from === 0 && pages === vma.pages;
    const part = partIn(vma, from, pages);
    vma.kinds = outcome.kind === 'number' ? PFNMAP : vma.kinds | PFNMAP;
    if (outcome.kind === 'number') {
      if (whole && vma.remapped && model.applies(ONCE))
        return model.violate(ONCE, 'an errno: the whole VMA was remapped before');
      if (outcome.value !== 0) return model.violate(MAPS, '0, or an errno');
      if (whole) vma.remapped = true;
      for (let page = part.from; page < part.to; page++) model.user.insert(vma, page, frame + page - from, INSERTION);
      return;
    }
    const excused = outcome.text === 'ENOMEM' || (whole && vma.remapped && model.applies(ONCE));
    if (!excused) return model.violate(MAPS, '0 (or -ENOMEM)');
    if (outcome.text !== 'ENOMEM') model.uphold(ONCE);
    if (model.user.block) return;
    model.user.fail(vma, part.from, part.to - part.from, frame + part.from - from, NOTHING);
  },
});
