import type { Step } from '../../../../reference/calls/call.ts';
import type { FrameId } from '../../../../reference/notation/frame.ts';
import type { Argument } from '../../../../reference/notation/signature.ts';
import { argumentOf, namedAddresses, withArgument } from '../../arguments.ts';
import { type Pass, START } from '../pass.ts';

/** The step with its optional frame given: with its choices as they are, and with each choice replaced by another. */
function* filled(step: Step, frame: Argument): Iterable<Step> {
  const optional = step.call.parameters.findIndex(
    ({ type, optional }, i) => optional && type === 'frame' && !step.args[i],
  );
  if (optional < 0) return;
  const given = withArgument(step, optional, frame);
  yield given;
  for (const [position, { type, choices }] of step.call.parameters.entries()) {
    if (type !== 'choice') continue;
    for (const word of choices!) if (word !== step.args[position]) yield withArgument(given, position, word);
  }
}

/** The first frames of a mapping that may take the place of a step which maps `frame` in it. */
function firstFrames(step: Step, frame: FrameId, page: number): ReadonlySet<FrameId> {
  const address = argumentOf(step, 'address');
  const pages = address ? Math.floor(address.offset / page) : 0;
  // Either the same page has the frame, or the first page has it.
  return new Set(pages >= 0 && pages <= frame ? [frame - pages, frame] : [frame]);
}

/**
 * Lets the call that creates a mapping fill it, instead of a step of its own.
 *
 * Proposes: for each step that maps a frame in an existing mapping, to remove it and give the frame to the call that
 * creates the mapping, so that the same page has it, or the first page.
 * Continues: from the start.
 * Costs: two to four edits for each such step.
 */
export const absorb: Pass = {
  name: 'absorb',
  *edits({ steps }, { page }) {
    for (const [at, step] of steps.entries()) {
      if (step.call.effect !== 'fills') continue;
      const frame = argumentOf(step, 'frame') ?? argumentOf(step, 'frames')?.[0];
      const [mapping] = namedAddresses(step);
      if (frame === undefined || !mapping) continue;
      const creator = steps.findIndex(({ call, binds }) => call.binds === mapping.base && binds === mapping.index);
      if (creator < 0) continue;
      for (const first of firstFrames(step, frame, page)) {
        for (const made of filled(steps[creator], first)) {
          const left = steps.map((other, i) => (i === at ? undefined : i === creator ? made : other));
          yield { steps: left, next: START, whole: true };
        }
      }
    }
  },
};
