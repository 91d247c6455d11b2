import { judge, MalformedTrace, type Terms, type Trace } from '../../reference/judge/judge.ts';
import { Tally } from '../../reference/judge/tally.ts';
import type { Violation } from '../../reference/judge/violation.ts';
import type { Program } from '../../reference/model/valid.ts';
import { printSteps } from '../../reference/notation/print.ts';
import type { OpenTarget } from '../targets/open.ts';
import { TargetFailure } from '../targets/target.ts';

/** A program that was executed and judged. */
export interface Judged {
  readonly trace: Trace;
  readonly violation: Violation | undefined;
}

function failure(error: unknown, program: Program): unknown {
  if (!(error instanceof MalformedTrace)) return error;
  return new TargetFailure(error.message, { program: printSteps(program), cause: error });
}

/**
 * Judges what a target answered.
 * @throws TargetFailure, with the program, where the answer is none.
 */
export function judged(trace: Trace, terms: Terms, tally: Tally): Judged {
  try {
    return { trace, violation: judge(trace, terms, tally) };
  } catch (error) {
    throw failure(error, trace.program);
  }
}

/** Executes one program on a target of this process, and judges it. */
export function executeDirect(target: OpenTarget, program: Program, terms: Terms, tally: Tally): Judged {
  const { direct } = target;
  if (program.blocks.length > 0) return judged(direct!.executeTrace(program) as Trace, terms, tally);
  return judged({ program, outcomes: direct!.execute(program) }, terms, tally);
}

/** Executes programs on any target, and judges them; what they exercise is counted nowhere if `tally` is left out. */
export async function execute(
  target: OpenTarget,
  programs: readonly Program[],
  terms: Terms,
  tally: Tally = new Tally(),
): Promise<Judged[]> {
  if (target.direct) return programs.map((program) => executeDirect(target, program, terms, tally));
  const traces = (await target.run(programs)) as Trace[];
  return traces.map((trace) => judged(trace, terms, tally));
}
