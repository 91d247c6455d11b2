import type { Step } from '../../../reference/calls/call.ts';
import type { Address } from '../../../reference/notation/address.ts';
import type { Argument } from '../../../reference/notation/signature.ts';
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

/**
 * Lets the call that makes a thing fill it, in place of a call of its own that does.
 *
 * Proposes: for each step that gives a frame to a thing that it goes, and the making call is given the frame.
 * Goes on: from the start.
 * Costs: one or two proposals for each such step.
 */
export const absorb: Pass = {
  name: 'absorb',
  *edits({ steps }) {
    for (const [at, { call, args, binds }] of steps.entries()) {
      const frame = call.parameters.findIndex(({ type, optional }) => type === 'frame' && !optional);
      const thing = args[call.naming[0]] as Address | undefined;
      if (binds >= 0 || frame < 0 || !thing) continue;
      const maker = steps.findIndex((step) => step.call.binds === thing.base && step.binds === thing.index);
      if (maker < 0) continue;
      for (const filled of given(steps[maker], args[frame]!)) {
        const left = steps.map((step, i) => (i === at ? undefined : i === maker ? filled : step));
        yield { steps: left, next: { at: 0, size: 0 }, whole: true };
      }
    }
  },
};
