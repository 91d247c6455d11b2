import { clause } from '../../clauses/clause.ts';
import { COUNTING } from '../../clauses/common.ts';
import type { Removal } from '../../model/promises.ts';
import { define } from '../define.ts';
import { IN } from '../spaces.ts';
import { boundVma, needsVma } from './vmas.ts';

const TABLES = clause(
  'MUN-1',
  'munmap of a VMA unmaps every page of it: no CPU reaches the frames that were there.',
  'mm/mmap.c, unmap_region()',
  { promises: 'unmaps' },
);
const ACCESS = clause(
  'MUN-2',
  'When munmap returns, no CPU can use an old translation of the range.',
  'mm/mmu_gather.c, tlb_finish_mmu()',
  { promises: 'flushes', where: { user_tlb: 'before-return' } },
);
const KEEPS = clause(
  'MUN-3',
  'munmap leaves all other VMAs, and what is mapped in them, as they are.',
  'mm/mmap.c, unmap_region()',
  { promises: 'keeps' },
);
const COUNTS = clause(
  'MUN-4',
  'munmap drops the references and map counts that insertions took, and no others.',
  'mm/memory.c, zap_pte_range()',
  { promises: 'counts', needs: COUNTING },
);

const REMOVAL: Removal = { tables: TABLES, access: ACCESS, keeps: KEEPS, counts: COUNTS };

export const munmap = define({
  name: 'munmap',
  side: 'user',
  summary: 'unmaps a whole user VMA',
  noun: 'unmapping',
  example: { steps: ['@0 v0 = mmap o0 2 plain shared', '@0 munmap v0'] },
  effect: 'ends',
  sees: 'nothing',
  parameters: [{ name: 'vma', type: 'vma' }, IN],
  outcomes: ['ok'],
  clauses: [TABLES, ACCESS, KEEPS, COUNTS],
  effects: [TABLES, ACCESS, COUNTS],
  weight: 5,
  undefinedHere: (known, step) => needsVma(known, step, ~0),
  predict: (known, step) => known.munmap(step.args[0].index),
  effectsAtCall: true,
  claims: 'own',
  end(model, step) {
    model.user.munmap(boundVma(model, step), REMOVAL);
  },
});
