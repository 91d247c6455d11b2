import type { Step } from '../../../../reference/calls/call.ts';
import type { Address } from '../../../../reference/notation/address.ts';
import type { FrameId } from '../../../../reference/notation/frame.ts';
import type { Pass } from '../pass.ts';

/** Names that a step has to do with, and frames. */
function things(step: Step): string[] {
  const found: string[] = step.binds < 0 ? [] : [`${step.call.binds}${step.binds}`];
  step.call.parameters.forEach(({ type }, i) => {
    const value = step.args[i];
    if (value === undefined) return;
    if (type === 'frame') found.push(`f${value}`);
    else if (type === 'frames') for (const frame of value as readonly FrameId[]) found.push(`f${frame}`);
    else if (type === 'area' || type === 'vma' || type === 'address' || type === 'object') {
      const { base, index } = value as Address;
      if (base === 'a' || base === 'v' || base === 'o') found.push(`${base}${index}`);
    }
  });
  return found;
}

const isName = (thing: string): boolean => thing[0] === 'a' || thing[0] === 'v';

/** Steps that have to do with `wanted` and with no other name; those without a name stay. */
function related(steps: readonly Step[], wanted: ReadonlySet<string>): (Step | undefined)[] {
  return steps.map((step) => (things(step).every((thing) => !isName(thing) || wanted.has(thing)) ? step : undefined));
}

/**
 * Keeps only what has to do with the last step, which is the failing one.
 *
 * Proposes: steps about the last step's names; then also those about names that share a frame or object with it.
 * Goes on: with nothing; what is left has to do with the last step.
 * Costs: two proposals at most, none where nothing would go.
 */
export const slice: Pass = {
  name: 'slice',
  *edits({ steps }, _context, from) {
    if (from || steps.length < 3) return;
    const direct = new Set(things(steps[steps.length - 1]));
    const next = { at: 0, size: 0 };
    const close = related(steps, direct);
    if (close.includes(undefined)) yield { steps: close, next };
    const shared = new Set(direct);
    for (const step of steps) {
      const found = things(step);
      if (step.binds >= 0 && direct.has(found[0])) for (const thing of found) shared.add(thing);
    }
    const wider = new Set(shared);
    for (const step of steps) {
      const found = things(step);
      if (found.some((thing) => !isName(thing) && shared.has(thing))) for (const thing of found) wider.add(thing);
    }
    const wide = related(steps, wider);
    if (wide.includes(undefined)) yield { steps: wide, next };
  },
};
