import type { Call, Effect } from '../../../reference/calls/call.ts';
import type { Random } from './random.ts';
import type { Plan, Repertoire, Slot } from './repertoire.ts';

/** Calls that have to do with one another: what makes things, and what else changes them. */
export interface Family {
  readonly side: 'kernel' | 'user';
  readonly makers: readonly Plan[];
  /** What puts something into things. */
  readonly fillers: readonly Plan[];
  /** What else is done to things, and those of it that take nothing away. */
  readonly changers: readonly Plan[];
  readonly writers: readonly Plan[];
  /** What takes things away again. */
  readonly enders: readonly Plan[];
  /** What all things of the side share; a flush above all. */
  readonly shared: readonly Plan[];
}

/** How often an optional argument that fills what is made is given. */
const FILLED = 88;

/** The call once for every way of taking its choices, so that a program can stick to one; what it makes is filled. */
function variants(plan: Plan): Plan[] {
  const often = (slot: Slot): Slot => (slot.optional && slot.type === 'frame' ? { ...slot, often: FILLED } : slot);
  let made: Plan[] = [{ ...plan, slots: plan.slots.map(often) }];
  for (let i = 0; i < plan.slots.length; i++) {
    const { choices, type } = plan.slots[i];
    if (type !== 'choice' || !choices) continue;
    made = made.flatMap((one) =>
      choices.map((choice) => {
        const slots = one.slots.map((slot, at) => (at === i ? { ...slot, choices: [choice] } : slot));
        return { ...one, slots };
      }),
    );
  }
  return made;
}

/** The calls of a side that have one of the effects. */
const doing = (plans: readonly Plan[], side: Call['side'], ...effects: readonly Effect[]): readonly Plan[] =>
  plans.filter(({ call }) => call.side === side && effects.includes(call.effect));

/** The families among the calls of a repertoire, those it leans to more often. */
export function familiesOf({ plans, options }: Repertoire): readonly Family[] {
  const families: Family[] = [];
  const shared = doing(plans, 'kernel', 'flushes');
  for (const maker of doing(plans, 'kernel', 'makes')) {
    const { origin } = maker.call;
    const enders = doing(plans, 'kernel', 'ends').filter(({ slots }) => slots[0].origins?.includes(origin!));
    families.push({ side: 'kernel', makers: [maker], fillers: [], changers: [], writers: [], enders, shared });
  }
  // Private ones more often: more can happen to them.
  const makers = doing(plans, 'user', 'makes')
    .flatMap(variants)
    .flatMap((plan) => (plan.slots.some(({ choices }) => choices?.[0] === 'private') ? [plan, plan] : [plan]));
  const fillers = doing(plans, 'user', 'fills');
  const enders = doing(plans, 'user', 'ends');
  const changers = doing(plans, 'user', 'empties', 'copies');
  const writers = doing(plans, 'user', 'copies');
  if (makers.length > 0) {
    const family: Family = { side: 'user', makers, fillers, changers, writers, enders, shared: [] };
    // The user's calls are one family, as rich as all of the kernel's together.
    for (let n = Math.max(1, families.length); n > 0; n--) families.push(family);
  }
  if (options.favour.size === 0) return families;
  const leans = ({ makers, changers, enders, shared }: Family): boolean =>
    [...makers, ...changers, ...enders, ...shared].some(({ call }) => options.favour.has(call));
  const favoured = families.filter(leans);
  return favoured.length > 0 ? [...families, ...favoured, ...favoured, ...favoured] : families;
}

/** One call of each kind is left out at times: what is left meets more often. */
export const thinned = (random: Random, plans: readonly Plan[], percent: number): readonly Plan[] => {
  const kept = plans.filter(() => !random.chance(percent));
  return kept.length > 0 ? kept : plans;
};
