import { clause } from '../../clauses/clause.ts';
import { allowWriting } from '../../model/kernel/permissions.ts';
import { define } from '../define.ts';
import { AREA, knownArea, undefinedPermission } from './permissions.ts';

const SOURCE =
  'arch/x86/mm/pat/set_memory.c, set_memory_rw() and change_page_attr_set_clr(), alike from Linux 5.10 to 7.x; arch/arm64/mm/pageattr.c, change_memory_common()';
const ALLOWS = clause('SMR-5', 'set_memory_rw returns 0, and all CPUs can then write to the area.', SOURCE, {
  needs: ['write'],
});
const KEEPS = clause(
  'SMR-6',
  'set_memory_rw changes no mapping: every page maps what it mapped, and has the contents that it had.',
  SOURCE,
  { promises: 'keeps' },
);

export const setMemoryRw = define({
  name: 'set_memory_rw',
  side: 'kernel',
  summary: 'makes a whole area of vmalloc writable again',
  noun: 'change of permissions',
  example: {
    steps: ['@0 a0 = vmalloc 0x1000', '@0 set_memory_ro a0', '@0 set_memory_rw a0'],
    outcome: '0',
  },
  effect: 'protects',
  sees: 'nothing',
  parameters: [AREA],
  outcomes: ['number', 'errno'],
  clauses: [ALLOWS, KEEPS],
  effects: [ALLOWS],
  weight: 5,
  sequential: true,
  undefinedHere: undefinedPermission,
  predict(known, step) {
    knownArea(known, step).readOnly = false;
  },
  end(model, { args: [{ index }] }, outcome) {
    model.kernel.keep(KEEPS);
    // What set_memory_ro has split stays split, so that there is nothing to allocate.
    if (outcome.kind !== 'number' || outcome.value !== 0) return model.violate(ALLOWS, '0');
    allowWriting(model.kernel.named[index]!, ALLOWS);
  },
});
