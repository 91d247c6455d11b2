import type { Call, Step } from '../../../../reference/calls/call.ts';
import type { FrameId } from '../../../../reference/notation/frame.ts';
import type { Argument } from '../../../../reference/notation/signature.ts';
import { argumentAt, argumentsOf } from '../../arguments.ts';
import { plainFrames } from '../frames.ts';
import { pagesIn, rankOf } from '../order.ts';
import { type Context, type Pass, START } from '../pass.ts';

/** Parameter types that give the size of an area. */
const SIZES = new Set(['frames', 'bytes']);

/** Where the frames come from that a call needs and the other did not: ascending from `start`, in a pool. */
interface Frames {
  readonly start: number;
  readonly pool: number;
}

/** An argument for a parameter of the plainer call, made from that of the other; undefined if it cannot be made. */
function converted(call: Call, at: number, step: Step, { page }: Context, frames: Frames): Argument | undefined {
  const wanted = call.parameters[at];
  const given = argumentAt(step, at);
  if (!given || given.parameter.optional) return wanted.type === 'bytes' ? page : undefined;
  if (wanted.type === given.type) return given.value;
  if (wanted.type === 'frame' && given.type === 'frames' && given.value.length === 1) return given.value[0];
  if (!SIZES.has(wanted.type) || !SIZES.has(given.type)) return undefined;
  const pages = pagesIn(given, page);
  return wanted.type === 'bytes' ? pages * page : plainFrames(frames.start, pages, frames.pool);
}

/** The step as a step of another call, with the arguments that this call needs; undefined if it needs others. */
function exchanged(step: Step, call: Call, context: Context, frames: Frames): Step | undefined {
  const args: (Argument | undefined)[] = [];
  for (const [i, { optional }] of call.parameters.entries()) {
    const value = optional ? undefined : converted(call, i, step, context, frames);
    if (value === undefined && !optional) return undefined;
    args.push(value);
  }
  return { ...step, call, args };
}

/** The frames in the lists of a step. */
const framesIn = (step: Step): readonly FrameId[] =>
  argumentsOf(step).flatMap(({ type, value }) => (type === 'frames' ? value : []));

/** The number of arguments that a call requires. */
const required = (call: Call): number => call.parameters.filter(({ optional }) => !optional).length;

/** Calls that may replace the one of a step: of the same side and kind of name, and plainer or with fewer arguments. */
const plainer = (step: Step, calls: readonly Call[]): readonly Call[] =>
  calls.filter(
    (call) =>
      call.side === step.call.side &&
      call.binds === step.call.binds &&
      call.parameters.length > 0 &&
      (rankOf(call) < rankOf(step.call) || required(call) < required(step.call)),
  );

/**
 * Replaces calls with plainer ones that take the same arguments or fewer: `vzalloc` with `vmalloc`, `write` with
 * `read`, `vm_map_ram` with `vmap`, a call on a list of one frame with a call on that frame. The repair exchanges the
 * call that unmaps the area.
 *
 * Proposes: for each plainer call, to replace all steps of a call at once, then each of them.
 * Continues: from the start.
 * Costs: a few edits for each step whose call has plainer ones.
 */
export const exchange: Pass = {
  name: 'exchange',
  *edits({ steps, frames: pool }, context) {
    for (const call of new Set(steps.map((step) => step.call))) {
      for (const other of plainer(steps.find((step) => step.call === call)!, context.calls)) {
        const changed = (start: number) =>
          steps.map((step) => (step.call === call ? exchanged(step, other, context, { start, pool }) : undefined));
        // A call that brought its own memory should not get a frame that other steps use: try frame 1 as well.
        const [fromZero, fromOne] = [changed(0), changed(1)];
        const others = new Set(steps.flatMap((step) => (step.call === call ? [] : framesIn(step))));
        const possible = fromZero.flatMap((step, at) => (step ? [at] : []));
        if (possible.length > 1) yield { steps: steps.map((step, at) => fromZero[at] ?? step), next: START };
        for (const at of possible) {
          yield { steps: steps.with(at, fromZero[at]!), next: START };
          if (framesIn(fromZero[at]!).some((frame) => others.has(frame)))
            yield { steps: steps.with(at, fromOne[at]!), next: START };
        }
      }
    }
  },
};
