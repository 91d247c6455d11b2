import { clause } from '../../clauses/clause.ts';
import { UNMAP_KEEPS } from '../../clauses/common.ts';
import type { Removal } from '../../model/promises.ts';
import { define } from '../define.ts';
import { beginUnmap, cannotUnmap, predictUnmap } from './areas.ts';
import { cannotMove } from './permissions.ts';

const NULL_IGNORED = clause('VFA-1', 'vfree_atomic of NULL changes nothing.', 'mm/vmalloc.c, vfree_atomic()');
const LATER = clause(
  'VFA-2',
  'vfree_atomic frees an area later, from a worker: until then the area may be mapped, and its addresses reach nothing else of the program.',
  'kernel-doc of vfree_atomic(): "just like vfree() except that it can be called from any context"; mm/vmalloc.c, delayed_vfree_work()',
);

const REMOVAL: Removal = { tables: LATER, access: undefined, keeps: UNMAP_KEEPS, counts: LATER };

export const vfreeAtomic = define({
  name: 'vfree_atomic',
  side: 'kernel',
  summary: 'lets a worker free memory of vmalloc',
  noun: 'unmapping',
  example: { steps: ['@0 a0 = vmalloc 0x1000', '@0 vfree_atomic a0'] },
  effect: 'ends',
  sees: 'nothing',
  parameters: [{ name: 'area', type: 'area', origins: ['vmalloc'] }],
  outcomes: ['ok'],
  clauses: [NULL_IGNORED, LATER],
  effects: [LATER],
  weight: 5,
  undefinedHere(known, { args: [address] }) {
    const why = cannotUnmap(known, address, ['vmalloc'], address.base === 'null');
    if (why) return why;
    if (known.traits.tlb === 'caller') return 'it is not specified when callers must flush';
    if (address.base !== 'a') return undefined;
    if (address.offset !== 0) return 'an area must be named by its first address';
    const area = known.areas[address.index]!;
    const { mappedIn, pages } = area;
    if (pages === 0) return `a${address.index} has no pages`;
    const changed = cannotMove(area);
    if (changed) return changed;
    // Linux keeps the list of areas to free in their first words.
    return mappedIn < 0 ? undefined : `a VMA may map a${address.index}, and the call writes into its first page`;
  },
  predict: predictUnmap,
  claims: 'own',
  begin: beginUnmap,
  end(model, { args: [{ base, index }] }) {
    if (base === 'a') model.kernel.unmapLater(index, REMOVAL);
    else model.kernel.keep(NULL_IGNORED);
  },
});
