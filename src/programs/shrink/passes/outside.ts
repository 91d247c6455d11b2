import type { Address } from '../../../../reference/notation/address.ts';
import { knownAfter, type Pass, withArgument, withEntry } from '../pass.ts';

/**
 * Gives addresses outside of what they name in one way: from what is there, or else just past the end.
 *
 * Proposes: for each such address the start of every other thing, then one page past the end of its own.
 * Goes on: from the start.
 * Costs: as many proposals for each such address as there are things of its kind.
 */
export const outside: Pass = {
  name: 'outside',
  *edits(program, context) {
    const { steps } = program;
    const known = knownAfter(program, context);
    for (const [at, step] of steps.entries()) {
      for (const position of step.call.naming) {
        const address = step.args[position] as Address | undefined;
        if (!address || step.call.parameters[position].type !== 'address') continue;
        const things = address.base === 'a' ? known.areas : address.base === 'v' ? known.vmas : [];
        const bytes = (things[address.index]?.pages ?? 0) * context.page;
        if (bytes === 0 || (address.offset >= 0 && address.offset < bytes)) continue;
        const others = things.flatMap((thing) => (thing && thing.name !== address.index ? [thing.name] : []));
        const ways: Address[] = others.map((index) => ({ base: address.base, index, offset: 0 }));
        ways.push({ ...address, offset: bytes });
        for (const way of ways)
          yield {
            steps: withEntry(steps, at, withArgument(step, position, way)),
            next: { at: 0, size: 0 },
            whole: true,
          };
      }
    }
  },
};
