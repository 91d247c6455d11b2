import { namedAddresses, withArgument } from '../../arguments.ts';
import { knownAfter, type Pass, START } from '../pass.ts';

/**
 * Gives an address outside the mapping that it names in a plain form: as the start of the mapping that is there, or as
 * the page just after its own mapping.
 *
 * Proposes: for each such address, the start of every other mapping of its kind, then the page after its own.
 * Continues: from the start.
 * Costs: as many edits for each such address as there are mappings of its kind.
 */
export const outside: Pass = {
  name: 'outside',
  *edits(program, context) {
    const { steps } = program;
    const known = knownAfter(program, context);
    for (const [at, step] of steps.entries()) {
      for (const { base, index, offset, position } of namedAddresses(step)) {
        if (step.call.parameters[position].type !== 'address') continue;
        const mappings = base === 'a' ? known.areas : known.vmas;
        const bytes = (mappings[index]?.pages ?? 0) * context.page;
        if (bytes === 0 || (offset >= 0 && offset < bytes)) continue;
        const others = mappings.flatMap((other) => (other && other.name !== index ? [other.name] : []));
        const forms = [...others.map((other) => ({ base, index: other, offset: 0 })), { base, index, offset: bytes }];
        for (const form of forms)
          yield { steps: steps.with(at, withArgument(step, position, form)), next: START, whole: true };
      }
    }
  },
};
