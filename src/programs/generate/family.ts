import type { Effect } from '../../../reference/calls/call.ts';
import { isLook } from '../look.ts';
import type { Random } from './random.ts';
import { type Plan, planWith, type Repertoire, type Slot } from './repertoire.ts';

/** Calls that work on the same mappings, by what they do to them. */
export interface Family {
  readonly side: 'kernel' | 'user';
  /** Calls that create an area or VMA. */
  readonly makers: readonly Plan[];
  /** User side: kernel calls that create the areas that `fillers` can map; some programs have them as makers, too. */
  readonly areas: readonly Plan[];
  /** Calls that map frames in an existing VMA. */
  readonly fillers: readonly Plan[];
  /** Other calls that change an existing VMA. */
  readonly changers: readonly Plan[];
  /** The changers that unmap nothing. */
  readonly writers: readonly Plan[];
  /** Calls that unmap a whole area or VMA. */
  readonly enders: readonly Plan[];
  /** Calls that affect all mappings of the side: flushes, reclaim, fork and exit. */
  readonly shared: readonly Plan[];
}

/** How often the frame of an optional parameter is given, in percent: in tight programs a new VMA is rarely empty. */
const FILLED_PERCENT = 88;
/** The same on targets that repeat programs, where calls that fill a VMA overlap others in more of the programs. */
const FILLED_OF_REPEATED_PERCENT = 60;

/** The call once for each combination of its choices, so that a program can use one of them only. */
function variants(plan: Plan, often: number): Plan[] {
  const filled = ({ optional, type }: Slot) => (optional && type === 'frame' ? { often } : undefined);
  let made: Plan[] = [planWith(plan, filled)];
  for (let i = 0; i < plan.slots.length; i++) {
    const { choices, type } = plan.slots[i];
    if (type !== 'choice' || !choices) continue;
    made = made.flatMap((one) =>
      choices.map((choice) =>
        planWith(one, ({ name }) => (name === plan.slots[i].name ? { choices: [choice] } : undefined)),
      ),
    );
  }
  return made;
}

const withEffect = (plans: readonly Plan[], ...effects: readonly Effect[]): readonly Plan[] =>
  plans.filter(({ call }) => effects.includes(call.effect));

/**
 * One family for each kernel call that creates areas, with the calls that unmap these areas. Calls that must stand outside
 * parallel blocks belong to none.
 */
function kernelFamilies(all: readonly Plan[]): Family[] {
  const plans = all.filter(({ call }) => !call.sequential);
  const shared = withEffect(plans, 'flushes', 'reclaims');
  const enders = withEffect(plans, 'ends');
  return withEffect(plans, 'makes').map((maker) => {
    const { origin } = maker.call;
    const own = enders.filter(({ slots }) => slots.some(({ origins }) => origin && origins?.includes(origin)));
    return { side: 'kernel', makers: [maker], areas: [], fillers: [], changers: [], writers: [], enders: own, shared };
  });
}

/** The family of all user calls; undefined if none of them creates a VMA. */
function userFamily(plans: readonly Plan[], areas: readonly Plan[], filledPercent: number): Family | undefined {
  // Private VMAs are likelier, since more can happen to them.
  const makers = withEffect(plans, 'makes')
    .flatMap((plan) => variants(plan, filledPercent))
    .flatMap((plan) => (plan.slots.some(({ choices }) => choices?.[0] === 'private') ? [plan, plan] : [plan]));
  if (makers.length === 0) return undefined;
  return {
    side: 'user',
    makers,
    areas: areas.filter(({ call }) => call.name === 'vmalloc_user'),
    fillers: withEffect(plans, 'fills'),
    changers: withEffect(plans, 'empties', 'copies'),
    writers: withEffect(plans, 'copies'),
    enders: withEffect(plans, 'ends'),
    shared: withEffect(plans, 'flushes', 'forks', 'exits'),
  };
}

/** The families among the calls of a repertoire, repeated by how often they are drawn. */
export function familiesOf({ plans, options }: Repertoire): readonly Family[] {
  const changing = (side: Family['side']): readonly Plan[] =>
    plans.filter(({ call }) => call.side === side && !isLook(call));
  const families = kernelFamilies(changing('kernel'));
  const filledPercent = options.can.has('repeat') ? FILLED_OF_REPEATED_PERCENT : FILLED_PERCENT;
  const user = userFamily(changing('user'), changing('kernel'), filledPercent);
  // The user calls are as likely as all kernel families together.
  if (user) for (let n = Math.max(1, families.length); n > 0; n--) families.push(user);
  if (options.favour.size === 0) return families;
  const isFavoured = ({ makers, changers, enders, shared }: Family): boolean =>
    [...makers, ...changers, ...enders, ...shared].some(({ call }) => options.favour.has(call));
  const favoured = families.filter(isFavoured);
  return favoured.length > 0 ? [...families, ...favoured, ...favoured, ...favoured] : families;
}

/** The calls without some of them, chosen at random, so that the others meet more often. Never empty. */
export const thinned = (random: Random, plans: readonly Plan[], percent: number): readonly Plan[] => {
  const kept = plans.filter(() => !random.chance(percent));
  return kept.length > 0 ? kept : plans;
};
