import type { Call, Parameter } from '../../../reference/calls/call.ts';
import { areaPagesAbility, choicesWith, type Support } from '../../targets/support.ts';
import { isLook, isRead } from '../look.ts';
import type { Options } from './options.ts';
import { sizesUpTo } from './sizes.ts';

type Full<T> = { readonly [K in keyof Required<T>]: T[K] | undefined };

/** A parameter with all fields present, in one order: reading objects of one shape is several times faster. */
export type Slot = Full<Parameter> & Pick<Parameter, 'name' | 'type'>;

/** A call, and what is needed to draw a step of it. */
export interface Plan {
  readonly call: Call;
  readonly slots: readonly Slot[];
  readonly binds: Call['binds'];
  readonly undefinedHere: Call['undefinedHere'] | undefined;
  readonly warns: Call['warns'] | undefined;
  readonly predict: Call['predict'] | undefined;
  /** What the target supports of the call; undefined if all. */
  readonly support: Support | undefined;
}

/** Copies a parameter into an object of the one shape. */
export const slotOf = (parameter: Parameter | Slot): Slot => ({
  name: parameter.name,
  type: parameter.type,
  optional: parameter.optional,
  choices: parameter.choices,
  areaPages: parameter.areaPages,
  abilities: parameter.abilities,
  origins: parameter.origins,
  which: parameter.which,
  ofArea: parameter.ofArea,
  where: parameter.where,
  draw: parameter.draw,
  length: parameter.length,
  often: parameter.often,
});

/** The parameters of a call, with what the target supports of them. */
function slotsOf({ parameters, name }: Call, { support, can }: Options): readonly Slot[] {
  const slots = parameters.map((parameter, position) => {
    const choices = support.get(name)?.choices.get(position) ?? choicesWith(parameter, can);
    const areaPages = parameter.areaPages && areaPagesAbility(parameter).every((ability) => can.has(ability));
    return { ...slotOf(parameter), choices, areaPages };
  });
  // The address space of a step is drawn by itself. The last flags may all need an ability that the target lacks.
  return slots.filter(({ type, optional, choices }) => !optional || (type !== 'space' && choices?.length !== 0));
}

const planOf = (call: Call, support: Support | undefined, slots: readonly Slot[]): Plan => ({
  call,
  slots,
  binds: call.binds,
  undefinedHere: call.undefinedHere,
  warns: call.warns,
  predict: call.predict,
  support,
});

/** The plan with some of its arguments drawn in another way. It has the same shape, for the same reason. */
export const planWith = (
  { call, support, slots }: Plan,
  change: (slot: Slot, position: number) => Partial<Slot> | undefined,
): Plan =>
  planOf(
    call,
    support,
    slots.map((slot, position) => {
      const changes = change(slot, position);
      return changes ? slotOf({ ...slot, ...changes }) : slot;
    }),
  );

/** What depends on the options alone, computed once for all programs. */
export interface Repertoire {
  readonly options: Options;
  /** The calls that are drawn, and their weights in an even mix. */
  readonly plans: readonly Plan[];
  readonly weights: readonly number[];
  /** By position in `plans`: the side of the call, and whether it is favoured. */
  readonly sideOf: readonly Call['side'][];
  readonly favoured: readonly boolean[];
  /** Positions in `plans`: of all calls, of those that create an area or VMA, and of those that only look. */
  readonly all: readonly number[];
  readonly makers: readonly number[];
  readonly looks: readonly number[];
  /** Page counts from which programs draw their sizes. */
  readonly sizes: readonly number[];
  readonly sides: ReadonlySet<Call['side']>;
}

const positions = (calls: readonly Call[], holds: (call: Call) => boolean): readonly number[] =>
  calls.flatMap((call, position) => (holds(call) ? [position] : []));

/** Groups the calls of the options by their role in programs. */
export function repertoireOf(options: Options): Repertoire {
  const calls = options.calls.filter((call) => call.weight > 0);
  return {
    options,
    plans: calls.map((call) => planOf(call, options.support.get(call.name), slotsOf(call, options))),
    weights: calls.map((call) => call.weight * (options.favour.get(call) ?? 1)),
    sideOf: calls.map(({ side }) => side),
    favoured: calls.map((call) => options.favour.has(call)),
    all: positions(calls, () => true),
    makers: positions(calls, (call) => call.effect === 'makes'),
    looks: positions(calls, isLook),
    sizes: sizesUpTo(options.pages),
    sides: new Set(calls.map((call) => call.side)),
  };
}

/** The calls that read through the TLB of a CPU. */
export const readsOf = ({ plans }: Repertoire): readonly Plan[] => plans.filter(({ call }) => isRead(call));

/** The looks that most programs stick to: reads, if the target has them. */
export function mainLooksOf(repertoire: Repertoire): readonly Plan[] {
  const reads = readsOf(repertoire);
  return reads.length > 0 ? reads : repertoire.looks.map((at) => repertoire.plans[at]);
}
