import type { Step } from '../../../reference/calls/call.ts';
import type { Address } from '../../../reference/notation/address.ts';
import type { Pass } from '../pass.ts';

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

/**
 * Uses an earlier name in place of a later one, where several things were made that would all do.
 *
 * Proposes: for each name that is used the first name of its kind, and the one just before it.
 * Goes on: from the start.
 * Costs: two proposals at most for each name that is used.
 */
export const rename: Pass = {
  name: 'rename',
  *edits({ steps }) {
    for (const name of used(steps)) {
      for (const other of new Set([0, name.index - 1])) {
        if (other < 0 || other >= name.index) continue;
        yield { steps: swapped(steps, name, other), next: { at: 0, size: 0 }, whole: true };
      }
    }
  },
};
