import type { Step } from '../../../../reference/calls/call.ts';
import { type NamedAddress, namedAddresses, withArgument } from '../../arguments.ts';
import { type Pass, START } from '../pass.ts';

type Name = Pick<NamedAddress, 'base' | 'index'>;

/** The step with the mapping `to` in place of `from`. */
const redirected = (step: Step, from: Name, to: Name): Step =>
  namedAddresses(step).reduce(
    (made, { position, base, index, offset }) =>
      base === from.base && index === from.index ? withArgument(made, position, { ...to, offset }) : made,
    step,
  );

/**
 * Leaves a mapping where it is.
 *
 * Proposes: for each step that moves or resizes a mapping and gives it a new name, to remove that step, and to use the
 * old name in all later ones.
 * Continues: from the start.
 * Costs: one edit for each such step.
 */
export const stay: Pass = {
  name: 'stay',
  *edits({ steps }) {
    for (const [at, { call, binds }] of steps.entries()) {
      const old = namedAddresses(steps[at]).find(({ position, base }) => position === 0 && base === call.binds);
      if (!old) continue;
      const left = steps.map((step, i) =>
        i < at
          ? step
          : i === at
            ? undefined
            : redirected(step, { base: old.base, index: binds }, { base: old.base, index: old.index }),
      );
      yield { steps: left, next: START };
    }
  },
};
