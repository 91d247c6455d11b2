import type { Program } from '../../reference/calls/valid.ts';
import { sameOutcome } from '../../reference/notation/outcome.ts';
import type { Judged } from '../findings/execution.ts';
import { checkFits } from '../findings/fits.ts';
import { runUntilFailure } from '../findings/until-failure.ts';
import { describeTarget } from '../targets/open.ts';
import { type PlanOptions, withPlan } from './plan.ts';

/** What one target answered to the program. */
export interface Side {
  /** Specification and name of the target. */
  readonly name: string;
  readonly judged: Judged;
  /** Page size in bytes. */
  readonly page: number;
}

/** How two targets answer one program. */
export interface Difference {
  readonly sides: readonly [Side, Side];
  /** For each step whether the answers differ. */
  readonly differs: readonly boolean[];
}

/**
 * Runs a program on two targets and compares their answers step by step.
 * @param file where the program comes from, for messages.
 * @throws UsageError when the program is undefined on one of them; TargetFailure when one fails.
 */
export async function diff(
  file: string,
  program: Program,
  targets: readonly [string, string],
  options: PlanOptions & { readonly fault?: string | undefined },
): Promise<Difference> {
  const run = (spec: string): Promise<Side> =>
    withPlan(spec, { ...options, programs: [program] }, async ({ target, agreement }) => {
      checkFits(file, program, target, agreement);
      const judged = await runUntilFailure(target, program, agreement.terms, 1);
      return { name: describeTarget(target), judged, page: target.manifest.page };
    });
  const sides = [await run(targets[0]), await run(targets[1])] as const;
  return { sides, differs: program.steps.map((_, index) => differ(sides[0].judged, sides[1].judged, index)) };
}

/** Addresses are each target's own choice, so two addresses count as the same. */
function differ(left: Judged, right: Judged, index: number): boolean {
  const [a, b] = [left.trace.outcomes[index], right.trace.outcomes[index]];
  if (!a || !b) return a !== b;
  if (a.kind === 'address' && b.kind === 'address') return a.note !== b.note;
  return !sameOutcome(a, b);
}
