import type { Tally } from '../../../reference/clauses/tally.ts';
import { CALLS } from '../../../reference/contract.ts';
import type { Manifest } from '../../targets/target.ts';

/**
 * How well a run tested one call of the target.
 *
 * @example
 * ```ts
 * import { type CallCoverage, run } from 'mmspec';
 *
 * const report = await run({ target: 'embedded', budget: { programs: 200 } });
 * const vmap = report.calls.find(({ call }: CallCoverage) => call === 'vmap');
 * console.log(vmap !== undefined && vmap.effects > 0); // true
 * ```
 */
export interface CallCoverage {
  readonly call: string;
  /** How often a step showed what the call did, or a clause about that could have failed. NULL and refusals do not count. */
  readonly effects: number;
  /** How often the target answered `unsupported`. */
  readonly unsupported: number;
}

/** The calls that programs draw and that the target has, each with how well it was tested. */
export const callCoverage = (tally: Tally, { calls, can }: Pick<Manifest, 'calls' | 'can'>): CallCoverage[] =>
  CALLS.filter(
    ({ name, weight, ability }) => weight > 0 && calls.has(name) && (ability === undefined || can.has(ability)),
  ).map(({ name, effects }) => ({
    call: name,
    effects: effects.reduce((total, clause) => total + tally.exercised(clause), tally.effects(name)),
    unsupported: tally.unsupported.get(name) ?? 0,
  }));
