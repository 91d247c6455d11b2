import type { Step } from '../../../reference/calls/call.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';
import type { Judged } from '../../findings/execution.ts';
import type { Diagnosis } from '../../findings/finding.ts';
import type { OpenTarget } from '../../targets/open.ts';

/**
 * Tells a stale translation from a wrong page table: flushes the address of an offending access on its CPU, and reads
 * again. Undefined when the failure is no such access, or the target has no `reread`.
 */
export async function diagnose({ violation, trace }: Judged, target: OpenTarget): Promise<Diagnosis | undefined> {
  const { program } = trace;
  const at = violation!.step;
  const step = program.steps[at];
  const accesses = step.call.name === 'read' || step.call.name === 'write';
  if (!accesses || violation!.seen.kind !== 'frame' || !target.manifest.can.has('reread')) return undefined;
  const reread: Step = { ...step, call: VOCABULARY.get('reread')!, args: step.args.slice(0, 1) };
  const isOffending = (outcome: Outcome | undefined): boolean =>
    outcome?.kind === 'frame' && outcome.value === violation!.seen.value;
  const answerOf = (outcome: Outcome | undefined): Diagnosis | undefined =>
    !outcome || outcome.kind === 'unsupported' ? undefined : isOffending(outcome) ? 'mapped' : 'stale';
  if (program.blocks.length > 0) {
    // Only where a schedule repeats exactly does the other access take place at the same moment.
    if (!target.direct) return undefined;
    const [{ outcomes }] = await target.run([{ ...program, steps: program.steps.with(at, reread) }]);
    return answerOf(outcomes[at]);
  }
  const [{ outcomes }] = await target.run([{ ...program, steps: [...program.steps.slice(0, at + 1), reread] }]);
  // The stale translation may have vanished by itself this time.
  return isOffending(outcomes[at]) ? answerOf(outcomes[at + 1]) : undefined;
}
