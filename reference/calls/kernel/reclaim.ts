import { clause } from '../../clauses/clause.ts';
import { define } from '../define.ts';

const KEEPS_AREAS = clause(
  'RCL-1',
  'Reclaim leaves every live area as it is: each of its pages still maps its frame.',
  'mm/vmalloc.c, vmap_node_shrink_scan()',
  { promises: 'keeps' },
);
const KEEPS_VMAS = clause(
  'RCL-2',
  'Reclaim leaves what drivers have mapped in VMAs: these pages are on no LRU list.',
  'Documentation/mm/unevictable-lru.rst, "VM_PFNMAP", "VM_MIXEDMAP"',
  { promises: 'keeps' },
);

export const reclaim = define({
  name: 'reclaim',
  side: 'kernel',
  summary: 'lets all shrinkers of the kernel run, as drop_caches does',
  noun: 'reclaim',
  example: { steps: ['@0 reclaim'], outcome: 'ok' },
  effect: 'reclaims',
  sees: 'nothing',
  parameters: [],
  outcomes: ['ok'],
  clauses: [KEEPS_AREAS, KEEPS_VMAS],
  effects: [KEEPS_AREAS, KEEPS_VMAS],
  weight: 2,
  end(model) {
    model.kernel.keep(KEEPS_AREAS);
    model.user.keep(KEEPS_VMAS);
  },
});
