import { areasOfPages } from '../../reference/calls/area-pages.ts';
import type { Parameter, Step } from '../../reference/calls/call.ts';
import { FORK_ABILITY, namedSpace } from '../../reference/calls/spaces.ts';
import { type Address, addressSpace } from '../../reference/notation/address.ts';
import { areasOfFrames, type FrameId, isPoolFrame } from '../../reference/notation/frame.ts';
import type { Argument, ArgumentTypes, ParameterType } from '../../reference/notation/signature.ts';
import { areaPagesAbility } from '../targets/support.ts';

/** An argument that a step gives. Its `type` tells the compiler what `value` is. */
export type GivenArgument = {
  readonly [T in ParameterType]: {
    readonly type: T;
    readonly value: ArgumentTypes[T];
    /** Its position in `step.args`. */
    readonly position: number;
    readonly parameter: Parameter;
  };
}[ParameterType];

/** The argument at a position; undefined if it is left out. */
export function argumentAt({ call, args }: Step, position: number): GivenArgument | undefined {
  const parameter = call.parameters[position];
  const value = args[position];
  // A step has the arguments that its call's parameters ask for.
  return value === undefined ? undefined : ({ type: parameter.type, value, position, parameter } as GivenArgument);
}

/** The arguments that a step gives, in order, without optional ones that are left out. */
export function argumentsOf(step: Step): readonly GivenArgument[] {
  const given: GivenArgument[] = [];
  for (let position = 0; position < step.args.length; position++) {
    const argument = argumentAt(step, position);
    if (argument) given.push(argument);
  }
  return given;
}

/** The first argument of a type; undefined if the call has no parameter of that type, or if it is left out. */
export function argumentOf<T extends ParameterType>({ call, args }: Step, type: T): ArgumentTypes[T] | undefined {
  const at = call.parameters.findIndex((parameter) => parameter.type === type);
  return args[at] as ArgumentTypes[T] | undefined;
}

/** An address in an area or a VMA that a step names. */
export interface NamedAddress {
  readonly position: number;
  readonly base: 'a' | 'v';
  readonly index: number;
  /** In bytes. */
  readonly offset: number;
}

/** An argument as an address in a named area or VMA; undefined if it is anything else. */
export function namedAddress(value: Argument | undefined, position = -1): NamedAddress | undefined {
  const { base, index, offset } = (value ?? {}) as Partial<Address>;
  return base === 'a' || base === 'v' ? { position, base, index: index!, offset: offset! } : undefined;
}

/** The addresses in areas and VMAs that a step names, in order. */
export function namedAddresses({ call, args }: Step): readonly NamedAddress[] {
  const named: NamedAddress[] = [];
  for (const position of call.naming) {
    const address = namedAddress(args[position], position);
    if (address) named.push(address);
  }
  return named;
}

/** The names that a step uses: of areas and VMAs, in addresses and in pages of areas (`a0` for `a0:2`), and of its space. */
export const usedNames = (step: Step): readonly string[] => [
  ...(namedSpace(step) < 0 ? [] : [`m${namedSpace(step)}`]),
  ...namedAddresses(step).map(({ base, index }) => `${base}${index}`),
  ...areasOfPages(step).map((area) => `a${area}`),
];

/** The abilities that a target must announce for the arguments of a step, besides that for the call. */
export function abilitiesOf(step: Step): readonly string[] {
  const needed: string[] = [];
  for (const { type, value, parameter } of argumentsOf(step)) {
    if (type === 'space') needed.push(FORK_ABILITY);
    if ((type === 'frame' || type === 'frames') && areasOfFrames(value).length > 0)
      needed.push(...areaPagesAbility(parameter));
    const { abilities } = parameter;
    if (!abilities) continue;
    for (const word of type === 'flags' ? value : type === 'choice' ? [value] : [])
      if (Object.hasOwn(abilities, word)) needed.push(abilities[word]);
  }
  return needed;
}

/** One more than the highest frame of the pool that a step names; 0 if it names none. */
export function poolFrames(step: Step): number {
  let frames = 0;
  for (const { type, value } of argumentsOf(step)) {
    const named = type === 'frame' ? [value] : type === 'frames' ? value : [];
    for (const frame of named) if (isPoolFrame(frame)) frames = Math.max(frames, frame + 1);
  }
  return frames;
}

/** The step with one argument replaced. */
export const withArgument = (step: Step, position: number, value: Step['args'][number]): Step => ({
  ...step,
  args: step.args.map((old, i) => (i === position ? value : old)),
});

/** The step in the address space of a child; in the first one if `space` is -1. */
export function inSpace(step: Step, space: number): Step {
  if (space < 0) return step;
  const args = step.call.parameters.map((_, at) => step.args[at]);
  args[step.call.inAt] = addressSpace(space);
  return { ...step, args };
}

/** The step with each given argument replaced by what `change` returns. */
export const mapArguments = (step: Step, change: (argument: GivenArgument) => Argument): Step => ({
  ...step,
  args: step.args.map((value, position) => (value === undefined ? value : change(argumentAt(step, position)!))),
});

/** The step with each frame that it names, alone or in a list, replaced by what `change` returns. */
export const mapFrames = (step: Step, change: (frame: FrameId) => FrameId): Step =>
  mapArguments(step, ({ type, value }) =>
    type === 'frame' ? change(value) : type === 'frames' ? value.map(change) : value,
  );
