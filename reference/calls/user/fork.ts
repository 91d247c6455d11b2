import { clause } from '../../clauses/clause.ts';
import { COUNTING } from '../../clauses/common.ts';
import { define } from '../define.ts';
import { returnsEnomemOrEagain } from '../no-memory.ts';
import { FORK_ABILITY } from '../spaces.ts';

const COPIES = clause(
  'FRK-1',
  'After fork, the child reaches the same frames at the same addresses as its parent, without a call of a fault handler, in every VMA of kind pfnmap or mixedmap.',
  'mm/memory.c, copy_page_range(), vma_needs_copy()',
  { promises: 'maps' },
);
const COUNTS = clause(
  'FRK-2',
  'fork takes one reference and one map count for each page that is mapped with counting in the copied VMAs, and none for frames that are mapped by number.',
  'mm/memory.c, copy_present_ptes(), vm_normal_page()',
  { promises: 'counts', needs: COUNTING },
);
const DONTCOPY = clause(
  'FRK-3',
  'fork leaves out VMAs with VM_DONTCOPY: nothing of the program is mapped at their addresses in the child.',
  'kernel/fork.c, dup_mmap()',
);
const KEEPS = clause(
  'FRK-4',
  'fork leaves the VMAs of the parent, and what is mapped in them, as they are, also if it fails.',
  'kernel/fork.c, dup_mmap(); mm/memory.c, copy_page_range()',
  { promises: 'keeps' },
);
const UNDOES = clause(
  'FRK-5',
  'A fork that fails leaves all reference and map counts as they were.',
  'kernel/fork.c, dup_mm(), mmput()',
  { needs: COUNTING, rare: 'no-memory' },
);
const NO_MEMORY = clause('FRK-6', 'fork fails only if there is not enough memory.', 'man page of fork(2)');

export const fork = define({
  name: 'fork',
  side: 'user',
  summary: 'copies the VMAs of the process to the address space of a child',
  noun: 'fork',
  example: { steps: ['@0 v0 = mmap o0 1 pfnmap shared remap=f0', '@0 m0 = fork'], outcome: 'ok' },
  effect: 'forks',
  sees: 'nothing',
  parameters: [],
  binds: 'm',
  outcomes: ['ok', 'errno'],
  clauses: [COPIES, COUNTS, DONTCOPY, KEEPS, UNDOES, NO_MEMORY],
  effects: [COPIES, COUNTS],
  ability: FORK_ABILITY,
  weight: 4,
  sequential: true,
  undefinedHere(known) {
    if (known.traits.user_tlb === 'caller')
      return 'where callers must flush, translations of the other address space may linger';
    if (known.child >= 0) return `there is a child already: m${known.child}; end it first with exit m${known.child}`;
    // A copy that both share would have one name for two frames as soon as one of them is copied again.
    const copied = known.liveVmas.find((vma) => vma.copied);
    return copied && `v${copied.name} may have private copies, which the child would share`;
  },
  lacksMemory: returnsEnomemOrEagain,
  predict: (known, step) => known.forkProcess(step.binds),
  end(model, step, outcome) {
    model.user.keep(KEEPS);
    if (returnsEnomemOrEagain(model, step, outcome)) return model.user.keepCounts(UNDOES);
    if (outcome.kind !== 'ok') return model.violate(NO_MEMORY, 'ok, -ENOMEM or -EAGAIN');
    model.uphold(NO_MEMORY);
    const removal = { tables: DONTCOPY, access: DONTCOPY, keeps: KEEPS, counts: COUNTS };
    model.fork(step.binds, { maps: COPIES, counted: COUNTS }, removal);
  },
});
