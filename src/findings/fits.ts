import { findInvalid, type Program } from '../../reference/calls/valid.ts';
import { Known } from '../../reference/model/known.ts';
import { printStep } from '../../reference/notation/print.ts';
import { UsageError } from '../common/errors.ts';
import type { Agreement } from '../targets/agreement.ts';
import type { OpenTarget } from '../targets/open.ts';
import { loadCorpus } from './corpus.ts';

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
  const maker = program.steps.find(({ call }) => call.binds !== undefined && !calls.has(call.name));
  if (maker)
    return `the program makes ${maker.call.binds}${maker.binds} with ${maker.call.name}, which ${spec} does not have`;
  const invalid = findInvalid(program, new Known(agreement.traits, program.cpus, program.frames, page));
  if (!invalid) return undefined;
  const step = printStep(program.steps[invalid.step]);
  return `step ${invalid.step + 1}, ${step}, is undefined under ${agreement.profile}: ${invalid.why}`;
}

/** True when the target can run the program, and every step of it is defined there. */
export const fits = (program: Program, target: OpenTarget, agreement: Agreement): boolean =>
  whyUnfit(program, target, agreement) === undefined;

/**
 * Checks that a target can run the program of a file.
 * @throws UsageError naming the file and the reason.
 */
export function checkFits(file: string, program: Program, target: OpenTarget, agreement: Agreement): void {
  const why = whyUnfit(program, target, agreement);
  if (why !== undefined) throw new UsageError(`${file}: ${why}`);
}

/** The programs of a folder that the target can run; the others were saved for other targets. */
export const savedPrograms = (folder: string, target: OpenTarget, agreement: Agreement): Program[] =>
  loadCorpus(folder)
    .flatMap(({ document }) => document.entries.map(({ trace }) => trace.program))
    .filter((program) => fits(program, target, agreement));
