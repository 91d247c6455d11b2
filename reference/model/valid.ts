import type { Call, Step } from '../calls/call.ts';
import type { Address } from '../notation/address.ts';
import type { FrameId } from '../notation/frame.ts';
import type { Program as AnyProgram } from '../notation/program.ts';
import type { Known } from './known.ts';

export type Program = AnyProgram<Call>;

/** Why the step is not valid where `known` is known, or undefined where it is. */
export function whyInvalid(known: Known, step: Step): string | undefined {
  if (step.cpu >= known.cpus) return `there is no CPU ${step.cpu}`;
  if (step.call.binds === 'a' && known.areas[step.binds]) return `a${step.binds} is bound by a step before`;
  if (step.call.binds === 'v' && known.vmas[step.binds]) return `v${step.binds} is bound by a step before`;
  for (const at of step.call.naming) {
    const address = step.args[at] as Address | undefined;
    if (address?.base === 'a' && !known.areas[address.index]) return `a${address.index} is bound by no step before`;
    if (address?.base === 'v' && !known.vmas[address.index]) return `v${address.index} is bound by no step before`;
  }
  for (let i = 0; i < step.call.parameters.length; i++) {
    const { type } = step.call.parameters[i];
    if (type === 'frame' && step.args[i] !== undefined && (step.args[i] as number) >= known.frames)
      return `there is no frame f${step.args[i]}`;
    if (type === 'frames')
      for (const frame of step.args[i] as readonly FrameId[])
        if (frame >= known.frames) return `there is no frame f${frame}`;
  }
  return step.call.undefinedHere?.(known, step);
}

/** A program that is undefined: the first step that is, and why. */
export interface Invalid {
  readonly step: number;
  readonly why: string;
}

/** The first invalid step of a program, or undefined where the whole program is valid under the traits of `known`. */
export function findInvalid(program: Program, known: Known): Invalid | undefined {
  for (let step = 0; step < program.steps.length; step++) {
    const why = whyInvalid(known, program.steps[step]);
    if (why !== undefined) return { step, why };
    program.steps[step].call.foresee?.(known, program.steps[step]);
  }
  return undefined;
}
