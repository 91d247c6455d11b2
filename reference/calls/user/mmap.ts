import { clause } from '../../clauses/clause.ts';
import { VMA_PLACE } from '../../clauses/common.ts';
import { KINDS, PFNMAP } from '../../model/known.ts';
import { inVma } from '../../notation/address.ts';
import { define } from '../define.ts';
import { returnsEnomemOrEagain } from '../no-memory.ts';
import { FORK_ABILITY } from '../spaces.ts';
import { INSERTION } from './remap_pfn_range.ts';
import { OBJECT_PAGES } from './vmas.ts';

const NO_MEMORY = clause('MMAP-5', 'mmap fails only if there is not enough memory.', 'mm/mmap.c, do_mmap()');
const COPY = clause(
  'RPR-3',
  'A private VMA can be remapped as a whole in its mmap handler.',
  'mm/memory.c, remap_pfn_range()',
);

export const mmap = define({
  name: 'mmap',
  side: 'user',
  summary: 'makes a user VMA that maps an object, of a given size and kind',
  noun: 'mmap',
  example: { steps: ['@0 v0 = mmap o0 2 pfnmap shared'] },
  effect: 'makes',
  sees: 'nothing',
  parameters: [
    { name: 'object', type: 'object' },
    { name: 'pages', type: 'pages' },
    { name: 'kind', type: 'choice', choices: ['plain', 'pfnmap', 'mixedmap'] },
    { name: 'share', type: 'choice', choices: ['shared', 'private'] },
    { name: 'remap', type: 'frame', optional: true, often: 30 },
    { name: 'after', type: 'vma', optional: true, often: 25 },
    {
      name: 'flags',
      type: 'flags',
      optional: true,
      choices: ['dontcopy'],
      abilities: { dontcopy: FORK_ABILITY },
      often: 12,
    },
  ],
  draw: {
    remap: (known, drawn, choose) =>
      drawn[2] === 'pfnmap' && drawn[1] <= known.frames ? choose.below(known.frames - drawn[1] + 1) : undefined,
    after(known, _drawn, choose) {
      if (known.liveVmas.length === 0) return undefined;
      const vma = known.liveVmas[choose.below(known.liveVmas.length)];
      return vma.next < 0 ? inVma(vma.name, 0) : undefined;
    },
  },
  binds: 'v',
  outcomes: ['address', 'errno'],
  clauses: [NO_MEMORY, COPY],
  effects: [VMA_PLACE],
  weight: 10,
  undefinedHere(known, step) {
    const [object, pages, kind, , remap, after] = step.args;
    if (object.index > 7) return 'objects are o0 to o7';
    const { offset } = object;
    if (offset < 0 || offset % known.page !== 0) return 'the offset into the object must be page aligned';
    if (pages < 1 || offset / known.page + pages > OBJECT_PAGES)
      return `a VMA has at least one page and ends within the ${OBJECT_PAGES} pages of its object`;
    if (remap !== undefined && kind !== 'pfnmap') return 'only a VMA of kind pfnmap can be remapped';
    if (remap !== undefined && remap + pages > known.frames)
      return `${pages} frames from f${remap} on go beyond the last frame, f${known.frames - 1}`;
    if (after !== undefined) {
      const before = known.vmas[after.index];
      if (!before?.live) return `v${after.index} is not a live VMA`;
      if (before.cut) return `v${before.name} is no longer whole`;
      if (before.next >= 0) return `v${before.next} already follows v${before.name}`;
    }
    return undefined;
  },
  frameCount: (step) => step.args[1],
  takes: (step) => step.args[1],
  // The addresses right after another VMA may be in use by something that is not the program's.
  lacksMemory: (model, step, outcome) => step.args[5] === undefined && returnsEnomemOrEagain(model, step, outcome),
  predict(known, step) {
    const [object, pages, kind, share, remap, after, flags] = step.args;
    const shared = share === 'shared';
    known.mmap(
      {
        name: step.binds,
        pages,
        kinds: KINDS[kind],
        shared,
        object: object.index,
        index: remap !== undefined && !shared ? -1 : object.offset / known.page,
        dontCopy: flags !== undefined,
      },
      after === undefined ? -1 : after.index,
      remap !== undefined,
    );
  },
  claims: 'own',
  begin(model, step, outcome) {
    if (outcome.kind === 'address') model.user.arrive(outcome.value, step.args[1]);
  },
  end(model, step, outcome) {
    const [object, pages, kind, share, remap, after, flags] = step.args;
    const shared = share === 'shared';
    if (outcome.kind === 'errno') {
      // The addresses right after another VMA may be in use by something that is not the program's.
      if (returnsEnomemOrEagain(model, step, outcome) || (after !== undefined && outcome.text === 'EEXIST')) return;
      return model.violate(remap !== undefined && !shared ? COPY : NO_MEMORY, 'an address, or -ENOMEM');
    }
    const index = remap !== undefined && !shared ? -1 : object.offset / model.page;
    const made = {
      name: step.binds,
      pages,
      kinds: KINDS[kind],
      shared,
      object: object.index,
      index,
      dontCopy: flags !== undefined,
    };
    const neighbour = after === undefined ? undefined : model.user.named[after.index];
    const vma = model.user.mmap(outcome, made, neighbour);
    if (!vma) return;
    model.uphold(NO_MEMORY);
    if (remap === undefined) return;
    if (!shared) model.uphold(COPY);
    vma.kinds = PFNMAP;
    vma.remapped = true;
    for (let page = 0; page < vma.pages; page++) model.user.insert(vma, page, remap + page, INSERTION);
  },
});
