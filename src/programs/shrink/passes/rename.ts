import type { Step } from '../../../../reference/calls/call.ts';
import type { Address } from '../../../../reference/notation/address.ts';
import { type Pass, withArgument, withEntry } from '../pass.ts';

type Name = Pick<Address, 'base' | 'index'>;

/** Names that steps use without making them, each once. */
function used(steps: readonly Step[]): Name[] {
  const names = new Map<string, Name>();
  for (const { call, args } of steps) {
    for (const at of call.naming) {
      const address = args[at] as Address | undefined;
      if (address?.base === 'a' || address?.base === 'v') names.set(`${address.base}${address.index}`, address);
    }
  }
  return [...names.values()];
}

const earlier = ({ index }: Name): readonly number[] => (index > 1 ? [0, index - 1] : index > 0 ? [0] : []);

/** Every use of one name becomes one of the other, and the other way round; who makes them stays. */
function swapped(steps: readonly Step[], { base, index }: Name, other: number): Step[] {
  return steps.map((step) => ({
    ...step,
    args: step.args.map((value, at) => {
      if (value === undefined || !step.call.naming.includes(at)) return value;
      const address = value as Address;
      if (address.base !== base) return value;
      if (address.index === index) return { ...address, index: other };
      return address.index === other ? { ...address, index } : value;
    }),
  }));
}

/** The use of a name in one step becomes one of another. */
const redirected = (step: Step, position: number, index: number): Step =>
  withArgument(step, position, { ...(step.args[position] as Address), index });

/**
 * Uses an earlier name in place of a later one, where several things were made that would all do.
 *
 * Proposes: for each name that is used, everywhere and then in one step: the first name of its kind, the one before.
 * Goes on: from the start.
 * Costs: two proposals at most for each name that is used, and each use of it.
 */
export const rename: Pass = {
  name: 'rename',
  *edits({ steps }) {
    const next = { at: 0, size: 0 };
    for (const name of used(steps)) {
      for (const other of earlier(name)) yield { steps: swapped(steps, name, other), next, whole: true };
    }
    for (let at = 0; at < steps.length; at++) {
      for (const position of steps[at].call.naming) {
        const address = steps[at].args[position] as Address | undefined;
        if (address?.base !== 'a' && address?.base !== 'v') continue;
        for (const other of earlier(address))
          yield { steps: withEntry(steps, at, redirected(steps[at], position, other)), next, whole: true };
      }
    }
  },
};
