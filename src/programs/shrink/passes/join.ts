import type { Step } from '../../../../reference/calls/call.ts';
import type { Program } from '../../../../reference/calls/valid.ts';
import { namedAddresses, withArgument } from '../../arguments.ts';
import { isLook } from '../../look.ts';
import { type Context, knownAfter, type Pass, START } from '../pass.ts';

/** An area or VMA that a step creates. */
interface Mapping {
  readonly base: 'a' | 'v';
  readonly name: number;
  /** The position of the step. */
  readonly at: number;
  readonly pages: number;
}

function mappingsOf(program: Program, context: Context): Mapping[] {
  const known = knownAfter(program, context);
  return program.steps.flatMap(({ call, binds }, at): Mapping[] => {
    const { binds: base } = call;
    if (base !== 'a' && base !== 'v') return [];
    const made = base === 'a' ? known.areas[binds] : known.vmas[binds];
    return made ? [{ base, name: binds, at, pages: made.pages }] : [];
  });
}

/** The step with every use of one mapping replaced by a use of another, `bytes` further on. */
const redirected = (step: Step, from: Mapping, to: Mapping, bytes: number): Step =>
  namedAddresses(step).reduce((made, { base, index, offset, position }) => {
    if (base !== from.base || index !== from.name) return made;
    const isAddress = step.call.parameters[position].type === 'address';
    return withArgument(made, position, { base: to.base, index: to.name, offset: isAddress ? offset + bytes : 0 });
  }, step);

const names = (step: Step, { base, name }: Mapping): boolean =>
  namedAddresses(step).some((address) => address.base === base && address.index === name);

/**
 * Uses one mapping where the program used two. A deletion alone would also delete the looks at it.
 *
 * Proposes: for each two mappings of one kind, to remove one of them and look at the other instead; for each VMA and
 * the next one, to make the first as long as both and remove the second.
 * Continues: from the start.
 * Costs: one edit for each pair of mappings of one kind whose first is looked at.
 */
export const join: Pass = {
  name: 'join',
  *edits(program, context) {
    const { steps } = program;
    const mappings = mappingsOf(program, context);
    for (const gone of mappings) {
      const looks = steps.filter((step) => isLook(step.call) && names(step, gone));
      if (looks.length === 0) continue;
      for (const kept of mappings) {
        if (kept === gone || kept.base !== gone.base) continue;
        const left = steps.map((step, at) => {
          if (at === gone.at) return undefined;
          return looks.includes(step) ? redirected(step, gone, kept, 0) : step;
        });
        yield { steps: left, next: START };
      }
    }
    const vmas = mappings.filter(({ base }) => base === 'v');
    for (let i = 1; i < vmas.length; i++) {
      const [kept, gone] = [vmas[i - 1], vmas[i]];
      const pages = steps[kept.at].call.parameters.findIndex(({ type, ofArea }) => type === 'pages' && !ofArea);
      const left = steps.map((step, at) => {
        if (at === gone.at) return undefined;
        if (at === kept.at) return withArgument(step, pages, kept.pages + gone.pages);
        return redirected(step, gone, kept, kept.pages * context.page);
      });
      if (pages >= 0) yield { steps: left, next: START };
    }
  },
};
