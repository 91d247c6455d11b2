import type { Step } from '../../../../reference/calls/call.ts';
import type { Address, Base } from '../../../../reference/notation/address.ts';
import { type FrameId, isPoolFrame } from '../../../../reference/notation/frame.ts';

/** What the steps of a program use. */

function framesOf(step: Step, page: number): number {
  let frames = 0;
  step.args.forEach((value, i) => {
    const { type } = step.call.parameters[i];
    if (value === undefined) return;
    if (type === 'frame' && isPoolFrame(value as FrameId))
      frames = Math.max(frames, (value as FrameId) + (step.call.frameCount?.(step, page) ?? 1));
    if (type === 'frames')
      for (const frame of value as readonly FrameId[]) if (isPoolFrame(frame)) frames = Math.max(frames, frame + 1);
  });
  return frames;
}

/** The size of the pool: one more than the highest frame that a step names; at least one. */
export const framesUsed = (steps: readonly Step[], page: number): number =>
  Math.max(1, ...steps.map((step) => framesOf(step, page)));

/** Frames that steps bring besides those of the pool: a read can tell them apart too. */
export const broughtFrames = (steps: readonly Step[], page: number): FrameId[] =>
  steps.flatMap((step) => step.call.allocates?.(step, page) ?? []);

const addressesIn = ({ args }: Step): Address[] =>
  args.filter((value): value is Address => typeof value === 'object' && 'base' in value);

/** One more than the highest number of a name. */
export const namesUsed = (steps: readonly Step[], base: 'a' | 'v' | 'o' | 'm'): number =>
  Math.max(
    0,
    ...steps.map(({ call, binds }) => (call.binds === base ? binds + 1 : 0)),
    ...steps.flatMap(addressesIn).map((address) => (address.base === base ? address.index + 1 : 0)),
  );

/** Whether an address in some step is relative to `base`. */
export const uses = (steps: readonly Step[], base: Base): boolean =>
  steps.flatMap(addressesIn).some((address) => address.base === base);
