import type { Step } from '../../../reference/calls/call.ts';
import { runsIn } from '../../../reference/calls/spaces.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';
import type { Judged } from '../../findings/execution.ts';
import type { Diagnosis } from '../../findings/finding.ts';
import { inSpace } from '../../programs/arguments.ts';
import type { OpenTarget } from '../../targets/open.ts';

/** Whether a step accesses memory, and its answer tells what it reached. */
const accesses = ({ call: { name } }: Step, { kind }: Outcome): boolean =>
  (name === 'read' && (kind === 'frame' || kind === 'fault' || kind === 'other')) ||
  (name === 'write' && kind === 'frame');

/**
 * Tells a stale translation from a wrong page table: flushes the address of an offending access on its CPU, and reads
 * again. Undefined when the failure is no such access, or the target has no `reread`.
 */
export async function diagnose({ violation, trace }: Judged, target: OpenTarget): Promise<Diagnosis | undefined> {
  const { program } = trace;
  const { step: at, seen, left } = violation!;
  const step = program.steps[at];
  if (left || !accesses(step, seen) || !target.manifest.can.has('reread')) return undefined;
  const alone = { ...step, call: VOCABULARY.get('reread')!, args: step.args.slice(0, 1) };
  const reread = inSpace(alone, runsIn(step));
  const isOffending = (outcome: Outcome | undefined): boolean =>
    outcome?.kind === seen.kind && outcome.value === seen.value;
  const answerOf = (outcome: Outcome | undefined): Diagnosis | undefined => {
    if (!outcome || outcome.kind === 'unsupported') return undefined;
    if (!isOffending(outcome)) return 'stale';
    return seen.kind === 'fault' ? 'unmapped' : 'mapped';
  };
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
