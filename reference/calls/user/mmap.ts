import { clause } from '../../clauses/clause.ts';
import { VMA_PLACE } from '../../clauses/common.ts';
import { KINDS, PFNMAP } from '../../model/known.ts';
import { type Address, inVma } from '../../notation/address.ts';
import type { FrameId } from '../../notation/frame.ts';
import { define } from '../call.ts';
import { INSERTION } from './remap_pfn_range.ts';
import { OBJECT_PAGES } from './vmas.ts';

const WANTS = clause('MMAP-5', 'Making a VMA fails only for want of memory.', 'mm/mmap.c, do_mmap()');
const COPY = clause(
  'RPR-3',
  'A private VMA can be remapped whole, in its mmap handler.',
  'mm/memory.c, remap_pfn_range()',
);

export const mmap = define({
  name: 'mmap',
  side: 'user',
  summary: 'makes a user VMA of an object, of a kind and size',
  parameters: [
    { name: 'object', type: 'object' },
    { name: 'pages', type: 'pages' },
    { name: 'kind', type: 'choice', choices: ['plain', 'pfnmap', 'mixedmap'] },
    { name: 'share', type: 'choice', choices: ['shared', 'private'] },
    {
      name: 'remap',
      type: 'frame',
      optional: true,
      often: 30,
      draw: (known, drawn, choose) =>
        drawn[2] === 'pfnmap' && (drawn[1] as number) <= known.frames
          ? choose.below(known.frames - (drawn[1] as number) + 1)
          : undefined,
    },
    {
      name: 'after',
      type: 'vma',
      optional: true,
      often: 25,
      draw(known, _drawn, choose) {
        if (known.liveVmas.length === 0) return undefined;
        const vma = known.liveVmas[choose.below(known.liveVmas.length)];
        return vma.next < 0 ? inVma(vma.name, 0) : undefined;
      },
    },
  ],
  binds: 'v',
  outcomes: ['address', 'errno'],
  clauses: [WANTS, COPY],
  undefinedHere(known, step) {
    const [object, pages, kind, , remap, after] = step.args;
    if ((object as Address).index > 7) return 'objects are o0 to o7';
    const { offset } = object as Address;
    if (offset < 0 || offset % known.page !== 0) return 'the offset into the object must be page aligned';
    if ((pages as number) < 1 || offset / known.page + (pages as number) > OBJECT_PAGES)
      return `a VMA has at least one page, and an object ${OBJECT_PAGES}`;
    if (remap !== undefined && kind !== 'pfnmap') return 'only a VMA of kind pfnmap can be remapped';
    if (remap !== undefined && (remap as FrameId) + (pages as number) > known.frames)
      return 'the frames end before the VMA does';
    if (after !== undefined) {
      const before = known.vmas[(after as Address).index];
      if (!before?.live) return `v${(after as Address).index} is not a live VMA`;
      if (before.next >= 0) return `v${before.next} is right after v${before.name} already`;
    }
    return undefined;
  },
  foresee(known, step) {
    const [object, pages, kind, share, remap, after] = step.args;
    const shared = share === 'shared';
    known.mmap(
      {
        name: step.binds,
        pages: pages as number,
        kinds: KINDS[kind as string],
        shared,
        object: (object as Address).index,
        index: remap !== undefined && !shared ? -1 : (object as Address).offset / known.page,
      },
      after === undefined ? -1 : (after as Address).index,
      remap !== undefined,
    );
  },
  claims: 'own',
  begin(model, step, outcome) {
    if (outcome.kind === 'address') model.user.arrive(outcome.value, step.args[1] as number);
  },
  end(model, step, outcome) {
    const [object, pages, kind, share, remap, after] = step.args;
    const shared = share === 'shared';
    if (outcome.kind === 'errno') {
      const wants = outcome.text === 'ENOMEM' || outcome.text === 'EAGAIN';
      // Right after another VMA there may be something that is not the program's.
      if (wants || (after !== undefined && outcome.text === 'EEXIST')) return;
      return model.violate(remap !== undefined && !shared ? COPY : WANTS, 'an address, or -ENOMEM');
    }
    const index = remap !== undefined && !shared ? -1 : (object as Address).offset / model.page;
    const made = {
      name: step.binds,
      pages: pages as number,
      kinds: KINDS[kind as string],
      shared,
      object: (object as Address).index,
      index,
    };
    const neighbour = after === undefined ? undefined : model.user.named[(after as Address).index];
    const vma = model.user.mmap(outcome, made, neighbour);
    if (!vma) return;
    model.uphold(WANTS);
    if (remap === undefined) return;
    if (!shared) model.uphold(COPY);
    vma.kinds = PFNMAP;
    vma.remapped = true;
    for (let page = 0; page < vma.pages; page++) model.user.insert(vma, page, (remap as FrameId) + page, INSERTION);
  },
});

export { VMA_PLACE };
