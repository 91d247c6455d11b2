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

/** What a step holds on to in a parallel block: areas and VMAs by name, and whether for itself alone. */
export function* claims(known: Known, step: Step): Iterable<{ name: string; own: boolean }> {
  const kind = step.call.claims;
  const own = (typeof kind === 'function' ? kind(known, step) : kind) === 'own';
  if (step.binds >= 0) yield { name: `${step.call.binds}${step.binds}`, own: true };
  for (const at of step.call.naming) {
    const { type } = step.call.parameters[at];
    const address = step.args[at] as Address | undefined;
    if (address && (type !== 'address' || kind !== undefined) && (address.base === 'a' || address.base === 'v')) {
      yield { name: `${address.base}${address.index}`, own };
    }
  }
}

/**
 * The lanes of a block, checked one by one: what a lane may do must not depend on how far the others have got. `lane`
 * makes what is known at the start of the block, anew for each lane.
 */
function findInvalidLane(steps: readonly Step[], start: number, end: number, fork: () => Known): Invalid | undefined {
  const holders = new Map<string, { cpu: number; own: boolean }[]>();
  const lanes = new Map<number, Known>();
  for (let index = start; index < end; index++) {
    const step = steps[index];
    let known = lanes.get(step.cpu);
    if (!known) lanes.set(step.cpu, (known = fork()));
    const why = whyInvalid(known, step);
    if (why !== undefined) return { step: index, why: `${why} (whatever the other lanes have done)` };
    for (const { name, own } of claims(known, step)) {
      const held = holders.get(name) ?? [];
      const other = held.find((one) => one.cpu !== step.cpu && (one.own || own));
      if (other) return { step: index, why: `${name} is in use in the lane of CPU ${other.cpu}` };
      held.push({ cpu: step.cpu, own });
      holders.set(name, held);
    }
    step.call.foresee?.(known, step);
  }
  return undefined;
}

/** What is known after a block: what any order leaves possible. */
export function foreseeBlock(steps: readonly Step[], start: number, end: number, known: Known): void {
  for (let index = start; index < end; index++) steps[index].call.foresee?.(known, steps[index]);
  // A page that was filled in one lane may have been emptied before in another.
  for (let index = start; index < end; index++) {
    const step = steps[index];
    if (step.call.fills && known.vmas[(step.args[0] as Address).index]?.live) step.call.foresee?.(known, step);
  }
}

/** The first invalid step of a program, or undefined where the whole program is valid under the traits of `known`. */
export function findInvalid(program: Program, known: Known): Invalid | undefined {
  const { steps, blocks } = program;
  let block = 0;
  for (let index = 0; index < steps.length; index++) {
    if (blocks[block]?.start === index) {
      const { start, end } = blocks[block++];
      const invalid = findInvalidLane(steps, start, end, () => known.fork());
      if (invalid) return invalid;
      foreseeBlock(steps, start, end, known);
      index = end - 1;
      continue;
    }
    const why = whyInvalid(known, steps[index]);
    if (why !== undefined) return { step: index, why };
    steps[index].call.foresee?.(known, steps[index]);
  }
  return undefined;
}
