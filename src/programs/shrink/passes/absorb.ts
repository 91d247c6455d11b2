import type { Step } from '../../../../reference/calls/call.ts';
import type { Address } from '../../../../reference/notation/address.ts';
import type { FrameId } from '../../../../reference/notation/frame.ts';
import type { Argument } from '../../../../reference/notation/signature.ts';
import { type Pass, withArgument } from '../pass.ts';

/** The step with an optional frame given, and, where that asks for it, another word chosen. */
function* given(step: Step, frame: Argument): Iterable<Step> {
  const optional = step.call.parameters.findIndex(
    ({ type, optional }, i) => optional && type === 'frame' && !step.args[i],
  );
  if (optional < 0) return;
  const filled = withArgument(step, optional, frame);
  yield filled;
  for (const [position, { type, choices }] of step.call.parameters.entries()) {
    if (type !== 'choice') continue;
    for (const word of choices!) if (word !== step.args[position]) yield withArgument(filled, position, word);
  }
}

/** The frame that a thing begins with where the page that was given the frame is to have it; then the frame itself. */
function firstFrames({ call, args }: Step, frame: FrameId, page: number): ReadonlySet<FrameId> {
  const place = call.parameters.findIndex(({ type }) => type === 'address');
  const pages = place < 0 ? 0 : Math.floor((args[place] as Address).offset / page);
  return new Set(pages >= 0 && pages <= frame ? [frame - pages, frame] : [frame]);
}

/**
 * Lets the call that makes a thing fill it, in place of a call of its own that does.
 *
 * Proposes: for each step that gives a frame to a thing that it goes, and the making call is given the frame,
 * so that it stands where it stood, or first.
 * Goes on: from the start.
 * Costs: two to four proposals for each such step.
 */
export const absorb: Pass = {
  name: 'absorb',
  *edits({ steps }, { page }) {
    for (const [at, step] of steps.entries()) {
      const { call, args, binds } = step;
      const frame = call.parameters.findIndex(({ type, optional }) => type === 'frame' && !optional);
      const thing = args[call.naming[0]] as Address | undefined;
      if (binds >= 0 || frame < 0 || !thing) continue;
      const maker = steps.findIndex((step) => step.call.binds === thing.base && step.binds === thing.index);
      if (maker < 0) continue;
      for (const first of firstFrames(step, args[frame] as FrameId, page)) {
        for (const filled of given(steps[maker], first)) {
          const left = steps.map((other, i) => (i === at ? undefined : i === maker ? filled : other));
          yield { steps: left, next: { at: 0, size: 0 }, whole: true };
        }
      }
    }
  },
};
