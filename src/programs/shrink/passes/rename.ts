import type { Step } from '../../../../reference/calls/call.ts';
import { type NamedAddress, namedAddresses, withArgument } from '../../arguments.ts';
import { type Pass, START } from '../pass.ts';

type Name = Pick<NamedAddress, 'base' | 'index'>;

/** The names that steps use, each once. */
function namesIn(steps: readonly Step[]): Name[] {
  const names = new Map<string, Name>();
  for (const address of steps.flatMap(namedAddresses)) names.set(`${address.base}${address.index}`, address);
  return [...names.values()];
}

/** Names to try instead: the first one of the kind, and the one before. */
const earlier = ({ index }: Name): readonly number[] => (index > 1 ? [0, index - 1] : index > 0 ? [0] : []);

/** The step with another name in one of its addresses. */
const redirected = (step: Step, { base, offset, position }: NamedAddress, index: number): Step =>
  withArgument(step, position, { base, index, offset });

/** The steps with the uses of two names exchanged. The steps that create the mappings stay as they are. */
const exchanged = (steps: readonly Step[], { base, index }: Name, other: number): Step[] =>
  steps.map((step) =>
    namedAddresses(step).reduce((made, address) => {
      if (address.base !== base) return made;
      if (address.index === index) return redirected(made, address, other);
      return address.index === other ? redirected(made, address, index) : made;
    }, step),
  );

/**
 * Uses an earlier name instead of a later one, if several mappings would do.
 *
 * Proposes: for each name that is used, the first name of its kind and the one before it; everywhere at once, then in
 * each single step.
 * Continues: from the start.
 * Costs: at most two edits for each name that is used, and two for each use.
 */
export const rename: Pass = {
  name: 'rename',
  *edits({ steps }) {
    for (const name of namesIn(steps)) {
      for (const other of earlier(name)) yield { steps: exchanged(steps, name, other), next: START, whole: true };
    }
    for (const [at, step] of steps.entries()) {
      for (const address of namedAddresses(step)) {
        for (const other of earlier(address))
          yield { steps: steps.with(at, redirected(step, address, other)), next: START, whole: true };
      }
    }
  },
};
