import type { Step } from '../../../../reference/calls/call.ts';
import type { Address } from '../../../../reference/notation/address.ts';
import type { FrameId } from '../../../../reference/notation/frame.ts';

/** How much of everything a program needs. */

function framesOf(step: Step, page: number): number {
  const { call } = step;
  let most = 0;
  step.args.forEach((value, i) => {
    const { type } = call.parameters[i];
    if (value === undefined) return;
    if (type === 'frame') most = Math.max(most, (value as FrameId) + (call.frameCount?.(step, page) ?? 1));
    if (type === 'frames') for (const frame of value as readonly FrameId[]) most = Math.max(most, frame + 1);
  });
  return most;
}

/** Frames of the pool: one more than the highest that is named; at least one. */
export const framesUsed = (steps: readonly Step[], page: number): number =>
  Math.max(1, ...steps.map((step) => framesOf(step, page)));

/** Pages that calls of the program bring, and that are told apart too. */
export const broughtPages = (steps: readonly Step[], page: number): number =>
  steps.reduce((sum, step) => sum + (step.call.brings?.(step, page).length ?? 0), 0);

/** One more than the highest number of a name. */
export const namesUsed = (steps: readonly Step[], base: 'a' | 'v' | 'o'): number =>
  Math.max(
    0,
    ...steps.map(({ call, binds }) => (call.binds === base ? binds + 1 : 0)),
    ...steps.flatMap(({ args }) =>
      args.map((value) => ((value as Address | undefined)?.base === base ? (value as Address).index + 1 : 0)),
    ),
  );
