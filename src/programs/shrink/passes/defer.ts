import type { Step } from '../../../../reference/calls/call.ts';
import type { Pass } from '../pass.ts';

/** A step that only says a number counts what is to come: `fail_after 3`. */
const counts = ({ call }: Step): boolean => call.parameters.length === 1 && call.parameters[0].type === 'value';

/** Numbers that are tried. */
const FEW = [0, 1, 2];

/**
 * Counts from a later step on, and so to less: what comes before does not count then, and may become plainer.
 *
 * Proposes: for each step that only says a number that it stands before each later step, with a small number.
 * Goes on: from the start.
 * Costs: three proposals for each later step, in the few programs that have such a step.
 */
export const defer: Pass = {
  name: 'defer',
  *edits({ steps, blocks }) {
    if (blocks.length > 0) return;
    for (const [at, step] of steps.entries()) {
      if (!counts(step)) continue;
      const left = steps.toSpliced(at, 1);
      for (let to = left.length - 1; to >= at; to--) {
        for (const few of FEW)
          yield { steps: left.toSpliced(to, 0, { ...step, args: [few] }), next: { at: 0, size: 0 }, whole: true };
      }
    }
  },
};
