import { clause } from '../../clauses/clause.ts';
import { COUNTING } from '../../clauses/common.ts';
import type { KnownVma } from '../../model/known-space.ts';
import { define } from '../define.ts';
import { IN } from '../spaces.ts';
import { boundVma, knownVma, needsVma } from './vmas.ts';

const DENIES = clause(
  'MPR-1',
  'mprotect returns 0, and the pages of the VMA can then be read and written only as PROT allows, also those that are mapped later.',
  'man page of mprotect(2); mm/mprotect.c, change_pte_range(), mprotect_fixup()',
);
const FLUSHES = clause(
  'MPR-2',
  'When mprotect returns, no CPU can use a permission that an old translation still has.',
  'mm/mprotect.c, change_pte_range(), do_mprotect_pkey(); mm/mmu_gather.c, tlb_finish_mmu()',
  { promises: 'flushes' },
);
const KEEPS = clause(
  'MPR-3',
  'mprotect changes no mapping: every page maps what it mapped, and is reached again when PROT allows it again.',
  'mm/mprotect.c, change_pte_range(); man page of mprotect(2)',
  { promises: 'keeps' },
);
const COUNTS = clause('MPR-4', 'mprotect changes no reference and no map count.', 'mm/mprotect.c, change_pte_range()', {
  promises: 'counts',
  needs: COUNTING,
});

export const mprotect = define({
  name: 'mprotect',
  side: 'user',
  summary: 'changes how a whole shared VMA can be accessed',
  noun: 'change of permissions',
  example: {
    steps: ['@0 v0 = mmap o0 1 pfnmap shared remap=f0', '@0 mprotect v0 read'],
    outcome: '0',
  },
  effect: 'protects',
  sees: 'nothing',
  parameters: [
    { name: 'vma', type: 'vma', which: ({ shared, cut }: KnownVma) => shared && cut === undefined },
    { name: 'prot', type: 'choice', choices: ['none', 'read', 'write'] },
    IN,
  ],
  outcomes: ['number', 'errno'],
  clauses: [DENIES, FLUSHES, KEEPS, COUNTS],
  effects: [DENIES, FLUSHES],
  weight: 7,
  sequential: true,
  undefinedHere(known, step) {
    if (known.traits.user_tlb === 'caller') return 'the access may go through an old translation, with old permissions';
    const why = needsVma(known, step, ~0);
    if (why) return why;
    // Whether a private page can be written depends on whether it is a copy.
    return knownVma(known, step)!.shared ? undefined : `v${step.args[0].index} is private`;
  },
  end(model, step, outcome) {
    const vma = boundVma(model, step);
    model.user.keep(KEEPS);
    for (const frame of vma.frames.slice(0, vma.pages)) if (frame >= 0) model.count(frame, 0, 0, COUNTS);
    if (outcome.kind !== 'number' || outcome.value !== 0) return model.violate(DENIES, '0');
    vma.protect(step.args[1], { denies: DENIES, flushes: FLUSHES }, model.now);
  },
});
