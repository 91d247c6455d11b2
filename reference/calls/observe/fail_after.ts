import { define } from '../call.ts';

/** Most allocations that are let through; a call of this kit's sizes rarely makes more. */
const MOST = 24;

/**
 * Failure injection. A mapping call that returns NULL (or -ENOMEM) for it is within its rights; what the contract asks
 * for after it is said with the calls: nothing stays mapped, nothing is left over, counts are as before.
 */
export const failAfter = define({
  name: 'fail_after',
  side: 'observe',
  summary: 'lets one allocation inside the implementation fail, after so many that succeed',
  noun: 'failure injection',
  example: { steps: ['@0 fail_after 1000'], outcome: 'ok' },
  effect: 'arms',
  sees: 'nothing',
  parameters: [{ name: 'allocations', type: 'value' }],
  // The first ones are where most calls make theirs.
  draw: { allocations: (_known, _drawn, choose) => choose.below(choose.chance(60) ? 4 : MOST) },
  outcomes: ['ok'],
  clauses: [],
  ability: 'fail_after',
  weight: 4,
  end(model) {
    model.injected = true;
  },
});
