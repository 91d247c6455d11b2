import type { Step } from '../../../reference/calls/call.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';
import type { Judged } from '../../findings/execution.ts';
import type { Finding } from '../../findings/finding.ts';
import type { OpenTarget } from '../../targets/open.ts';

/**
 * Tells a stale translation from a wrong page table: repeats an offending read after a flush of that one address on
 * that one CPU. Undefined when the failure is no such read, or the target has no `reread`.
 */
export async function diagnose({ violation, trace }: Judged, target: OpenTarget): Promise<Finding['diagnosis']> {
  const step = trace.program.steps[violation!.step];
  if (step.call.name !== 'read' || violation!.seen.kind !== 'frame') return undefined;
  if (!target.manifest.can.has('reread') || trace.program.blocks.length > 0) return undefined;
  const reread: Step = { ...step, call: VOCABULARY.get('reread')! };
  const steps = [...trace.program.steps.slice(0, violation!.step + 1), reread];
  const [{ outcomes }] = await target.run([{ ...trace.program, steps }]);
  const before = outcomes[steps.length - 2];
  const after = outcomes[steps.length - 1];
  const isOffending = (outcome: Outcome | undefined): boolean =>
    outcome?.kind === 'frame' && outcome.value === violation!.seen.value;
  // The stale translation may have vanished by itself this time.
  if (!after || after.kind === 'unsupported' || !isOffending(before)) return undefined;
  return isOffending(after) ? 'mapped' : 'stale';
}
