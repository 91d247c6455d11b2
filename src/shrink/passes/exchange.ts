import type { Call, Step } from '../../../reference/calls/call.ts';
import type { Argument } from '../../../reference/notation/signature.ts';
import { pagesIn, rankOf } from '../order.ts';
import type { Context, Pass } from '../pass.ts';

const SIZED = new Set(['frames', 'bytes']);

/** An argument for a parameter of the plainer call, from that of the other; undefined where there is none. */
function converted(call: Call, at: number, step: Step, page: number): Argument | undefined {
  const wanted = call.parameters[at];
  const given = step.call.parameters[at];
  const value = step.args[at];
  if (!given || value === undefined || given.optional) return undefined;
  if (wanted.type === given.type) return value;
  if (!SIZED.has(wanted.type) || !SIZED.has(given.type)) return undefined;
  const pages = pagesIn(given, value, page);
  return wanted.type === 'bytes' ? pages * page : Array.from({ length: pages }, (_, frame) => frame);
}

/** The step made of a call with the arguments of another, as far as it needs them; undefined where it needs more. */
function exchanged(step: Step, call: Call, { page }: Context): Step | undefined {
  const args: (Argument | undefined)[] = [];
  for (let i = 0; i < call.parameters.length; i++) {
    const value = call.parameters[i].optional ? undefined : converted(call, i, step, page);
    if (value === undefined && !call.parameters[i].optional) return undefined;
    args.push(value);
  }
  return { ...step, call, args };
}

/** Calls of the same side that make the same sort of thing and stand before it in the contract. */
const plainer = (step: Step, calls: readonly Call[]): readonly Call[] =>
  calls.filter(
    (call) =>
      call.side === step.call.side &&
      call.binds === step.call.binds &&
      call.parameters.length > 0 &&
      rankOf(call) < rankOf(step.call),
  );

/**
 * Exchanges calls for plainer ones that take the same arguments or fewer: `vzalloc` for `vmalloc`, `write` for `read`,
 * `vm_map_ram` for `vmap`; what gives the area back follows.
 *
 * Proposes: for each plainer call all steps of a call at once, then one by one.
 * Goes on: from the start.
 * Costs: a few proposals for each step of a call that has plainer ones.
 */
export const exchange: Pass = {
  name: 'exchange',
  *edits({ steps }, context) {
    const next = { at: 0, size: 0 };
    for (const call of new Set(steps.map((step) => step.call))) {
      for (const other of plainer(steps.find((step) => step.call === call)!, context.calls)) {
        const changed = steps.map((step) => (step.call === call ? exchanged(step, other, context) : undefined));
        const some = changed.flatMap((step, at) => (step ? [at] : []));
        if (some.length > 1) yield { steps: steps.map((step, at) => changed[at] ?? step), next };
        for (const at of some) yield { steps: steps.map((step, i) => (i === at ? changed[at] : step)), next };
      }
    }
  },
};
