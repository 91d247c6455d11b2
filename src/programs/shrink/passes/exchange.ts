import type { Call, Step } from '../../../../reference/calls/call.ts';
import type { FrameId } from '../../../../reference/notation/frame.ts';
import type { Argument } from '../../../../reference/notation/signature.ts';
import { plainFrames } from '../frames.ts';
import { pagesIn, rankOf } from '../order.ts';
import { type Context, type Pass, withEntry } from '../pass.ts';

const SIZED = new Set(['frames', 'bytes']);

/** Frames for what had none: ascending from `start`, in a pool. */
interface Frames {
  readonly start: number;
  readonly pool: number;
}

/** An argument for a parameter of the plainer call, from that of the other; undefined where there is none. */
function converted(call: Call, at: number, step: Step, { page }: Context, frames: Frames): Argument | undefined {
  const wanted = call.parameters[at];
  const given = step.call.parameters[at];
  const value = step.args[at];
  if (!given || value === undefined || given.optional) return wanted.type === 'bytes' ? page : undefined;
  if (wanted.type === given.type) return value;
  if (!SIZED.has(wanted.type) || !SIZED.has(given.type)) return undefined;
  const pages = pagesIn(given, value, page);
  return wanted.type === 'bytes' ? pages * page : plainFrames(frames.start, pages, frames.pool);
}

/** The step made of a call with the arguments of another, as far as it needs them; undefined where it needs more. */
function exchanged(step: Step, call: Call, context: Context, frames: Frames): Step | undefined {
  const args: (Argument | undefined)[] = [];
  for (let i = 0; i < call.parameters.length; i++) {
    const value = call.parameters[i].optional ? undefined : converted(call, i, step, context, frames);
    if (value === undefined && !call.parameters[i].optional) return undefined;
    args.push(value);
  }
  return { ...step, call, args };
}

/** Frames that lists of a step name. */
const framesIn = ({ call, args }: Step): readonly FrameId[] =>
  call.parameters.flatMap(({ type }, i) => (type === 'frames' && args[i] ? (args[i] as readonly FrameId[]) : []));

/** What a call must be given. */
const needs = (call: Call): number => call.parameters.filter(({ optional }) => !optional).length;

/** Calls of the same side that make the same sort of thing and stand before it in the contract, or need less. */
const plainer = (step: Step, calls: readonly Call[]): readonly Call[] =>
  calls.filter(
    (call) =>
      call.side === step.call.side &&
      call.binds === step.call.binds &&
      call.parameters.length > 0 &&
      (rankOf(call) < rankOf(step.call) || needs(call) < needs(step.call)),
  );

/**
 * Exchanges calls for plainer ones that take the same arguments or fewer: `vzalloc` for `vmalloc`, `write` for `read`,
 * `vm_map_ram` for `vmap`; what gives the area back follows.
 *
 * Proposes: for each plainer call all steps of a call at once, then one by one.
 * Goes on: from the start.
 * Costs: a few proposals for each step of a call that has plainer ones.
 */
export const exchange: Pass = {
  name: 'exchange',
  *edits({ steps, frames: pool }, context) {
    const next = { at: 0, size: 0 };
    for (const call of new Set(steps.map((step) => step.call))) {
      for (const other of plainer(steps.find((step) => step.call === call)!, context.calls)) {
        const changed = (start: number) =>
          steps.map((step) => (step.call === call ? exchanged(step, other, context, { start, pool }) : undefined));
        // What brought memory of its own must not be made of a frame that is used besides: the second is tried too.
        const [plain, second] = [changed(0), changed(1)];
        const others = new Set(steps.flatMap((step) => (step.call === call ? [] : framesIn(step))));
        const some = plain.flatMap((step, at) => (step ? [at] : []));
        if (some.length > 1) yield { steps: steps.map((step, at) => plain[at] ?? step), next };
        for (const at of some) {
          yield { steps: withEntry(steps, at, plain[at]!), next };
          if (framesIn(plain[at]!).some((frame) => others.has(frame)))
            yield { steps: withEntry(steps, at, second[at]!), next };
        }
      }
    }
  },
};
