import { clause } from '../../clauses/clause.ts';
import { define } from '../call.ts';

const LIVE = clause(
  'V2P-1',
  'vmalloc_to_page of an address in a live area returns the page that is mapped there.',
  'comment on vmalloc_to_page()',
);
const NONE = clause(
  'V2P-2',
  'vmalloc_to_page of an address of the vmap layer where nothing is mapped returns NULL.',
  'mm/vmalloc.c, vmalloc_to_page()',
);

export const vmallocToPage = define({
  name: 'vmalloc_to_page',
  side: 'kernel',
  summary: 'looks up an address of the vmap layer in the page tables',
  noun: 'lookup',
  example: { steps: ['@0 a0 = vmap f5', '@0 vmalloc_to_page a0'], outcome: 'f5' },
  effect: 'none',
  sees: 'tables',
  parameters: [{ name: 'addr', type: 'address', where: 'area' }],
  outcomes: ['frame', 'null', 'other'],
  clauses: [LIVE, NONE],
  effects: [LIVE],
  weight: 10,
  undefinedHere(known, step) {
    const { base, index, offset } = step.args[0];
    const area = base === 'a' ? known.areas[index] : undefined;
    if (!area) return 'the address must be relative to an area (a0+0x1000)';
    if (area.origin !== 'vmalloc' && area.pages === 1 && known.traits.single_page === 'permanent')
      return `a${index} is a single page, which lies outside the window here`;
    // A name that was never bound is harmless, but this one has an address, and no guard page behind it.
    if (area.pages === 0 && known.traits.zero_vmap === 'address') return `a${index} has no pages`;
    const guarded = area.origin !== 'ram' && known.traits.guard === 'trailing';
    const end = (area.pages + (guarded ? 1 : 0)) * known.page;
    return offset >= 0 && offset < end
      ? undefined
      : `the address must lie in [a${index}, a${index}+0x${end.toString(16)})`;
  },
  end(model, step) {
    const { index, offset } = step.args[0];
    model.kernel.translate(index, Math.floor(offset / model.page), { live: LIVE, none: NONE });
  },
});
