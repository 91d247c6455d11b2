import type { Step } from '../../reference/calls/call.ts';
import { VOCABULARY } from '../../reference/contract.ts';
import { Tally } from '../../reference/judge/tally.ts';
import type { Program } from '../../reference/model/valid.ts';
import { shrink } from '../shrink/index.ts';
import type { OpenTarget } from '../targets/open.ts';
import { execute, executeDirect, type Judged } from './execution.ts';
import { type Finding, keyOf } from './finding.ts';
import type { Agreement } from './terms.ts';

export interface MinimiseOptions {
  readonly target: OpenTarget;
  readonly agreement: Agreement;
  /** The failure that must stay the same. */
  readonly key: string;
  readonly after: { readonly programs: number; readonly steps: number };
  /** Time to shrink in. */
  readonly milliseconds: number;
  readonly signal?: AbortSignal;
}

/** How often a failing program is run again to tell a stable failure from an unstable one. */
const REPEATS = 10;

/** Shrinks a failing program, tells how often it fails, and what kind of wrong translation it shows. */
export async function minimise(judged: Judged, options: MinimiseOptions): Promise<Finding> {
  const { target, agreement, key } = options;
  const { terms, traits } = agreement;
  const { direct } = target;
  const result = await shrink(judged.trace.program, {
    traits,
    page: terms.page,
    key,
    milliseconds: options.milliseconds,
    ...(options.signal ? { signal: options.signal } : {}),
    ...(direct
      ? { failsNow: (program: Program) => failureOf(executeDirect(target, program, terms, scratch)) }
      : { fails: async (programs: readonly Program[]) => (await execute(target, programs, terms)).map(failureOf) }),
  });
  const repeats = Array.from({ length: direct ? 1 : REPEATS }, () => result.program);
  const again = (await execute(target, repeats, terms)).filter((one) => failureOf(one) === key);
  const shown = again[0] ?? judged;
  const diagnosis = await diagnose(shown, options);
  return {
    key,
    violation: shown.violation!,
    trace: shown.trace,
    originalSteps: judged.trace.program.steps.length,
    afterPrograms: options.after.programs,
    afterSteps: options.after.steps,
    executions: result.executions,
    rate: { failed: again.length, of: repeats.length },
    again: 0,
    ...(diagnosis ? { diagnosis } : {}),
  };
}

const scratch = new Tally();

const failureOf = (one: Judged): string | undefined => (one.violation ? keyOf(one.trace, one.violation) : undefined);

/** After an offending read: flush that one address on that one CPU, and read again. */
async function diagnose(judged: Judged, { target }: MinimiseOptions): Promise<Finding['diagnosis']> {
  const { violation, trace } = judged;
  const step = trace.program.steps[violation!.step];
  if (step.call.name !== 'read' || violation!.seen.kind !== 'frame') return undefined;
  if (!target.manifest.can.has('reread') || trace.program.blocks.length > 0) return undefined;
  const reread: Step = { ...step, call: VOCABULARY.get('reread')! };
  const steps = [...trace.program.steps.slice(0, violation!.step + 1), reread];
  const [outcome] = (await target.run([{ ...trace.program, steps }])).map(
    (answer) => answer.outcomes[steps.length - 1],
  );
  if (!outcome || outcome.kind === 'unsupported') return undefined;
  return outcome.kind === 'frame' && outcome.value === violation!.seen.value ? 'mapped' : 'stale';
}
