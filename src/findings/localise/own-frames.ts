import type { Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import { type FrameId, isPoolFrame } from '../../../reference/notation/frame.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import { mapArguments } from '../../programs/arguments.ts';
import { failureOf, type Judged } from '../execution.ts';
import { changesState } from './culprit.ts';
import { firstWrong, knownAfter, type LocaliseOptions } from './first-wrong.ts';

/**
 * Frames of its own for each step that maps frames. Shrinking lets steps share frames where it can. If one mapping of a
 * frame then takes the place of another one, a read shows no difference, and only a later call notices.
 */

/** The number of consecutive frames of the pool that an argument of a step stands for. */
const framesFrom = (step: Step, page: number): number => step.call.frameCount?.(step, page) ?? 1;

/**
 * The program in which no two steps map the same frame of the pool; undefined if all have frames of their own already, or
 * if the pool has too few.
 */
export function withOwnFrames(program: Program, options: Omit<LocaliseOptions, 'run'>): Program | undefined {
  let used = 0;
  const take = (count: number): FrameId => {
    used += count;
    return used - count;
  };
  const steps = program.steps.map((step) =>
    changesState(step.call)
      ? mapArguments(step, ({ type, value }) => {
          if (type === 'frame') return isPoolFrame(value) ? take(framesFrom(step, options.page)) : value;
          return type === 'frames' ? value.map((frame) => (isPoolFrame(frame) ? take(1) : frame)) : value;
        })
      : step,
  );
  const changed = { ...program, steps };
  const fits = used <= program.frames && knownAfter(changed, options) !== undefined;
  return fits && printSteps(changed) !== printSteps(program) ? changed : undefined;
}

/**
 * Finds the first step after which the state is wrong, with frames of its own for each step.
 * @returns a program that fails in another way, as it ran; undefined if none was found.
 */
export async function localiseWithOwnFrames(failed: Judged, options: LocaliseOptions): Promise<Judged | undefined> {
  const program = withOwnFrames(failed.trace.program, options);
  const found = program && (await firstWrong({ program }, options));
  return found && failureOf(found) !== failureOf(failed) ? found : undefined;
}
