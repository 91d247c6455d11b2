import { clause } from '../../clauses/clause.ts';
import { define } from '../define.ts';

const RANGE = clause(
  'VA-2',
  'is_vmalloc_addr is true for exactly the addresses in the kernel-virtual window, mapped or not.',
  'mm/vmalloc.c, is_vmalloc_addr()',
);

export const isVmallocAddr = define({
  name: 'is_vmalloc_addr',
  side: 'kernel',
  summary: 'tells whether an address lies in the window of the vmap layer',
  noun: 'range check',
  example: { steps: ['@0 is_vmalloc_addr null'], outcome: '0' },
  effect: 'none',
  sees: 'window',
  parameters: [{ name: 'addr', type: 'address', where: 'anywhere' }],
  outcomes: ['number'],
  clauses: [RANGE],
  effects: [RANGE],
  weight: 10,
  undefinedHere(known, step) {
    const { base, index, offset } = step.args[0];
    const area = base === 'a' ? known.areas[index] : undefined;
    if (base === 'hole') return 'it is not known whether hole lies in the window';
    const outside = area && (offset < 0 || offset >= area.pages * known.page);
    return outside ? `it is not known whether an address outside a${index} lies in the window` : undefined;
  },
  end(model, step, outcome) {
    const { base, index } = step.args[0];
    const right = base === 'a' && !model.kernel.isPermanent(index) ? 1 : 0;
    model.expect(RANGE, outcome.value === right, () => `${right}`);
  },
});
