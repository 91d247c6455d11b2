import type { Step } from '../../../../reference/calls/call.ts';
import type { Program } from '../../../../reference/calls/valid.ts';
import type { Address } from '../../../../reference/notation/address.ts';
import { isLook } from '../../look.ts';
import { type Context, knownAfter, type Pass, withArgument } from '../pass.ts';

/** A thing with pages that a step makes. */
interface Thing {
  readonly base: 'a' | 'v';
  readonly name: number;
  readonly at: number;
  readonly call: string;
  readonly pages: number;
}

function thingsOf(program: Program, context: Context): Thing[] {
  const known = knownAfter(program, context);
  return program.steps.flatMap(({ call, binds }, at): Thing[] => {
    const made = call.binds === 'a' ? known.areas[binds] : call.binds === 'v' ? known.vmas[binds] : undefined;
    return made ? [{ base: call.binds!, name: binds, at, call: call.name, pages: made.pages }] : [];
  });
}

/** The step with every use of one thing become a use of another, so many pages further on. */
const redirected = (step: Step, from: Thing, to: Thing, bytes: number): Step =>
  step.call.naming.reduce((made, position) => {
    const address = step.args[position] as Address | undefined;
    if (address?.base !== from.base || address.index !== from.name) return made;
    const offset = step.call.parameters[position].type === 'address' ? address.offset + bytes : 0;
    return withArgument(made, position, { base: to.base, index: to.name, offset });
  }, step);

const names = ({ call, args }: Step, { base, name }: Thing): boolean =>
  call.naming.some((at) => (args[at] as Address | undefined)?.base === base && (args[at] as Address).index === name);

/**
 * Does with one thing what was done with two, where a deletion alone would take away the looks at it.
 *
 * Proposes: for each two things of a kind that one of them goes, and is looked at through the other's address; for
 * each two VMAs that follow each other that the first is as long as both.
 * Goes on: from the start.
 * Costs: as many proposals as there are pairs of things of which one that is looked at.
 */
export const join: Pass = {
  name: 'join',
  *edits(program, context) {
    const { steps } = program;
    const things = thingsOf(program, context);
    const next = { at: 0, size: 0 };
    for (const gone of things) {
      const looks = steps.filter((step) => isLook(step.call) && names(step, gone));
      if (looks.length === 0) continue;
      for (const kept of things) {
        if (kept === gone || kept.base !== gone.base) continue;
        const left = steps.map((step, at) => {
          if (at === gone.at) return undefined;
          return looks.includes(step) ? redirected(step, gone, kept, 0) : step;
        });
        yield { steps: left, next };
      }
    }
    const vmas = things.filter(({ base }) => base === 'v');
    for (let i = 1; i < vmas.length; i++) {
      const [kept, gone] = [vmas[i - 1], vmas[i]];
      const pages = steps[kept.at].call.parameters.findIndex(({ type, ofArea }) => type === 'pages' && !ofArea);
      const left = steps.map((step, at) => {
        if (at === gone.at) return undefined;
        if (at === kept.at) return withArgument(step, pages, kept.pages + gone.pages);
        return redirected(step, gone, kept, kept.pages * context.page);
      });
      if (pages >= 0) yield { steps: left, next };
    }
  },
};
