import { define } from '../define.ts';

/** The most allocations that succeed before the failure. A call with the sizes of this kit rarely makes more. */
const MAX_ALLOCATIONS = 24;

/**
 * Failure injection. The allocation fails once, so one later call may return NULL or -ENOMEM. What must hold after that is
 * part of each call's contract: nothing stays mapped, nothing is left over, and all counts are as before.
 */
export const failAfter = define({
  name: 'fail_after',
  side: 'observe',
  summary: 'makes one allocation inside the implementation fail, after a given number that succeed',
  noun: 'failure injection',
  example: { steps: ['@0 fail_after 1000'], outcome: 'ok' },
  effect: 'arms',
  sees: 'nothing',
  parameters: [{ name: 'allocations', type: 'value' }],
  // Most calls make only a few allocations, so small numbers hit one more often.
  draw: { allocations: (_known, _drawn, choose) => choose.below(choose.chance(60) ? 4 : MAX_ALLOCATIONS) },
  outcomes: ['ok'],
  clauses: [],
  effects: [],
  ability: 'fail_after',
  weight: 4,
  /** `foresee` counts it, since it may act on any call of its block. */
  end: () => {},
});
