import { CALLER_FLUSHES, CALLER_FLUSHES_USER } from '../../clauses/common.ts';
import { define } from '../define.ts';

/**
 * The flush that a caller must make after it has mapped or unmapped something, where the implementation leaves that to
 * its callers (`tlb=caller`, `user_tlb=caller`). It is an instruction of the CPU, not a call of the implementation.
 */
export const flushTlb = define({
  name: 'flush_tlb',
  side: 'observe',
  summary: 'flushes the whole TLB of the CPU by instruction',
  noun: 'flush',
  example: { steps: ['@0 flush_tlb'], outcome: 'ok' },
  effect: 'flushes',
  sees: 'nothing',
  parameters: [],
  outcomes: ['ok'],
  clauses: [CALLER_FLUSHES, CALLER_FLUSHES_USER],
  effects: [CALLER_FLUSHES, CALLER_FLUSHES_USER],
  ability: 'flush_tlb',
  weight: 20,
  end(model) {
    model.kernel.flushCpu();
    model.user.flushCpu();
  },
});
