import { findInvalid, type Program } from '../../reference/calls/valid.ts';
import { Known } from '../../reference/model/known.ts';
import { printStep } from '../../reference/notation/print.ts';
import { UsageError } from '../common/errors.ts';
import { abilitiesOf } from '../programs/arguments.ts';
import type { Agreement } from '../targets/agreement.ts';
import { parseSchedule } from '../targets/embedded/schedule.ts';
import type { OpenTarget } from '../targets/open.ts';

/**
 * Why a target cannot run a program: the program needs more than the target has, or a step of it is undefined under
 * the target's traits. Undefined when it can. A call that the target does not have is a reason only if later steps use
 * the area or VMA that it makes; else the target answers that one step with `unsupported`.
 */
export function whyUnfit(program: Program, { spec, manifest }: OpenTarget, agreement: Agreement): string | undefined {
  const { cpus, frames, steps, calls, can, page } = manifest;
  if (program.cpus > cpus) return `the program needs ${program.cpus} CPUs, but ${spec} has ${cpus}`;
  if (program.frames > frames) return `the program needs ${program.frames} frames, but ${spec} has ${frames}`;
  if (program.steps.length > steps)
    return `the program has ${program.steps.length} steps, but ${spec} takes at most ${steps}`;
  if (program.blocks.length > 0 && !can.has('parallel'))
    return `the program has a parallel block, which ${spec} cannot run`;
  for (const [index, step] of program.steps.entries()) {
    const lacking = abilitiesOf(step).find((ability) => !can.has(ability));
    if (lacking !== undefined)
      return `step ${index + 1}, ${printStep(step)}, needs the ability ${lacking}, which ${spec} does not announce`;
  }
  const maker = program.steps.find(({ call }) => call.binds !== undefined && !calls.has(call.name));
  if (maker)
    return `the program makes ${maker.call.binds}${maker.binds} with ${maker.call.name}, which ${spec} does not have`;
  const unscheduled = can.has('schedule') ? whyUnscheduled(program) : undefined;
  if (unscheduled !== undefined) return unscheduled;
  const invalid = findInvalid(program, new Known(agreement.traits, program.cpus, program.frames, page));
  if (!invalid) return undefined;
  const step = printStep(program.steps[invalid.step]);
  return `step ${invalid.step + 1}, ${step}, is undefined under ${agreement.profile}: ${invalid.why}`;
}

/** Why the attribute `schedule` of a block cannot be followed. */
function whyUnscheduled({ blocks }: Program): string | undefined {
  try {
    for (const { attributes } of blocks) parseSchedule(attributes.get('schedule') ?? '-');
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

/** Programs, divided by whether a target can run them. */
export interface Sorted {
  readonly fitting: readonly Program[];
  /** How many it cannot run, and the most frequent reasons. */
  readonly unfit: number;
  readonly reasons: readonly { readonly why: string; readonly programs: number }[];
}

/** How many reasons are kept. */
const MAX_REASONS = 3;

/** Divides programs by whether a target can run them. */
export function sortPrograms(programs: readonly Program[], target: OpenTarget, agreement: Agreement): Sorted {
  const fitting: Program[] = [];
  const counts = new Map<string, number>();
  for (const program of programs) {
    // Without the details of the program, so that equal reasons can be counted.
    const why = whyUnfit(program, target, agreement)?.replace(
      /^step .*?, (is )?(?=undefined under |needs the ability )/s,
      '',
    );
    if (why === undefined) fitting.push(program);
    else counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  const reasons = [...counts].map(([why, count]) => ({ why, programs: count })).sort((a, b) => b.programs - a.programs);
  return { fitting, unfit: programs.length - fitting.length, reasons: reasons.slice(0, MAX_REASONS) };
}

/**
 * Checks that a target can run the program of a file.
 * @throws UsageError naming the file and the reason.
 */
export function checkFits(file: string, program: Program, target: OpenTarget, agreement: Agreement): void {
  const why = whyUnfit(program, target, agreement);
  if (why !== undefined) throw new UsageError(`${file}: ${why}`);
}
