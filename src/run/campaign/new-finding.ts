import type { Judged } from '../../findings/execution.ts';
import { type Finding, keyOf, plainFinding, type Symptom } from '../../findings/finding.ts';
import { culpritOf } from '../../findings/localise/culprit.ts';
import type { Certificate } from '../../programs/certify/index.ts';
import type { Shrunk } from '../../programs/shrink/index.ts';
import type { OpenTarget } from '../../targets/open.ts';
import { diagnose } from './diagnose.ts';

/** How a violation came about. */
export interface Origin {
  readonly target: OpenTarget;
  readonly key: string;
  /** Programs and steps that ran before it; 0 for a saved program. */
  readonly after: { readonly programs: number; readonly steps: number };
}

/** A finding with the program as it first failed, before anything else is known about it. */
export const unshrunk = ({ trace, violation }: Judged, { after }: Pick<Origin, 'after'>): Finding => ({
  ...plainFinding(trace, violation!, { failed: 0, of: 0 }),
  afterPrograms: after.programs,
  afterSteps: after.steps,
});

/**
 * A finding whose program was shrunk.
 * @param original the first run that failed.
 * @param shown a run of the shrunk program.
 * @param symptoms what failed before the culprit was found.
 */
export async function shrunkFinding(
  original: Judged,
  shown: Judged,
  shrunk: Pick<Shrunk, 'executions'> & { readonly certificate?: Certificate },
  rate: Finding['rate'],
  origin: Origin,
  symptoms: readonly Symptom[] = [],
): Promise<Finding> {
  const diagnosis = rate.failed > 0 ? await diagnose(shown, origin.target) : undefined;
  return {
    ...unshrunk(original, origin),
    key: keyOf(shown.trace, shown.violation!),
    violation: shown.violation!,
    trace: shown.trace,
    executions: shrunk.executions,
    rate,
    culprit: culpritOf(shown.trace, shown.violation!, diagnosis),
    ...(symptoms.length > 0 ? { symptoms } : {}),
    ...(diagnosis ? { diagnosis } : {}),
    ...(shrunk.certificate ? { certificate: shrunk.certificate } : {}),
  };
}
