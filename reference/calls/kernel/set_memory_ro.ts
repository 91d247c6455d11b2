import { clause } from '../../clauses/clause.ts';
import { failToForbid, forbidWriting } from '../../model/kernel/permissions.ts';
import { define } from '../define.ts';
import { returnsEnomem } from '../no-memory.ts';
import { AREA, knownArea, undefinedPermission } from './permissions.ts';

const SOURCE =
  'arch/x86/mm/pat/set_memory.c, set_memory_ro() and change_page_attr_set_clr(), alike from Linux 5.10 to 7.x; arch/arm64/mm/pageattr.c, change_memory_common()';
const DENIES = clause('SMR-1', 'set_memory_ro returns 0, and no CPU can then write to the area.', SOURCE, {
  needs: ['write'],
});
const FLUSHES = clause(
  'SMR-2',
  'When set_memory_ro returns, no CPU can write to the area through an old translation.',
  'arch/x86/mm/pat/set_memory.c, cpa_flush(); arch/arm64/mm/pageattr.c, __change_memory_common()',
  { promises: 'flushes', needs: ['write'] },
);
const KEEPS = clause(
  'SMR-3',
  'set_memory_ro changes no mapping: every page maps what it mapped, and can be read.',
  SOURCE,
  { promises: 'keeps' },
);
const FAILS = clause(
  'SMR-4',
  'A set_memory_ro that gets no memory for page tables returns -ENOMEM. Some pages may be read-only then; all can be read.',
  'arch/x86/mm/pat/set_memory.c, split_large_page()',
  { promises: 'keeps', rare: 'no-memory' },
);

export const setMemoryRo = define({
  name: 'set_memory_ro',
  side: 'kernel',
  summary: 'makes a whole area of vmalloc read-only, and on some architectures its pages in the direct map',
  noun: 'change of permissions',
  example: { steps: ['@0 a0 = vmalloc 0x1000', '@0 set_memory_ro a0'], outcome: '0' },
  effect: 'protects',
  sees: 'nothing',
  parameters: [AREA],
  outcomes: ['number', 'errno'],
  clauses: [DENIES, FLUSHES, KEEPS, FAILS],
  effects: [DENIES, FLUSHES],
  weight: 5,
  sequential: true,
  undefinedHere: undefinedPermission,
  lacksMemory: returnsEnomem,
  predict(known, step) {
    knownArea(known, step).readOnly = true;
  },
  end(model, step, outcome) {
    const life = model.kernel.named[step.args[0].index]!;
    if (returnsEnomem(model, step, outcome)) {
      failToForbid(life);
      return model.kernel.keep(FAILS);
    }
    model.kernel.keep(KEEPS);
    if (outcome.kind !== 'number' || outcome.value !== 0) return model.violate(DENIES, '0 (or -ENOMEM)');
    forbidWriting(life, { denies: DENIES, flushes: FLUSHES });
  },
});
