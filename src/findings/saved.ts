import { findInvalid, type Program } from '../../reference/calls/valid.ts';
import { Known } from '../../reference/model/known.ts';
import { printStep } from '../../reference/notation/print.ts';
import { UsageError } from '../common/errors.ts';
import type { Agreement } from '../targets/agreement.ts';
import type { OpenTarget } from '../targets/open.ts';
import { type Judged, sample, triesOf } from './execution.ts';

/** Running one given program on a target. */

/**
 * Checks that a target can run a program, and that each step is defined there.
 * @param name the program's name in messages, such as its file.
 * @throws UsageError where the program needs more than the target has, or where a step is undefined.
 */
export function checkFits(name: string, program: Program, target: OpenTarget, agreement: Agreement): void {
  const { cpus, frames, page } = target.manifest;
  if (program.cpus > cpus)
    throw new UsageError(`${name}: the program needs ${program.cpus} CPUs, ${target.spec} has ${cpus}`);
  if (program.frames > frames)
    throw new UsageError(`${name}: the program needs ${program.frames} frames, ${target.spec} has ${frames}`);
  const invalid = findInvalid(program, new Known(agreement.traits, program.cpus, program.frames, page));
  if (!invalid) return;
  const step = printStep(program.steps[invalid.step]);
  throw new UsageError(
    `${name}: step ${invalid.step + 1}, ${step}, is undefined under ${agreement.profile}: ${invalid.why}`,
  );
}

/** How many times to run a program before it counts as held: once where a target runs it the same way every time. */
export const timesOf = (target: OpenTarget, program: Program): number => (target.direct ? 1 : triesOf(program));

/**
 * Runs a program until it fails, at most `most` times.
 * @returns the run that failed, or the first one.
 */
export async function runSome(
  target: OpenTarget,
  { terms }: Agreement,
  program: Program,
  most = timesOf(target, program),
): Promise<Judged> {
  let first: Judged | undefined;
  const failing = (run: Judged): boolean => {
    first ??= run;
    return run.violation !== undefined;
  };
  const { failed } = await sample(program, { target, terms, most, enough: 1, failing });
  return failed[0] ?? first!;
}
