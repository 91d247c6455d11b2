import type { Call, Choose, Parameter, Step } from '../../reference/calls/call.ts';
import { whyInvalid } from '../../reference/calls/valid.ts';
import type { Known } from '../../reference/model/known.ts';
import { type Address, inArea, inObject, inVma } from '../../reference/notation/address.ts';
import type { Argument } from '../../reference/notation/signature.ts';
import { namedAddress } from '../../src/programs/arguments.ts';

/** Page counts of mappings, repeated by how often they are drawn. */
const SIZES = [1, 1, 1, 2, 3, 4, 8, 16, 32, 64];

/** Chooses by numbers that were drawn before, in order. */
class Replayed implements Choose {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  below(below: number): number {
    return this.#numbers[this.#at++ % this.#numbers.length] % below;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  /** One entry of a list, if it has any. */
  of<T>(list: readonly T[]): T | undefined {
    return list.length === 0 ? undefined : list[this.below(list.length)];
  }
}

/** A page of any area or VMA that was created, or the page after its end. */
function anyAddress(known: Known, choose: Replayed): Address | undefined {
  const vma = known.vmas.length > 0 && choose.chance(50);
  const named = vma ? choose.of(known.vmas) : choose.of(known.areas);
  if (!named) return undefined;
  const offset = choose.below(named.pages + 1) * known.page;
  return vma ? inVma(named.name, offset) : inArea(named.name, offset);
}

/** The size of a VMA, or the one size that is right for the area in the argument before. */
function pages({ ofArea }: Parameter, before: Argument | undefined, known: Known, choose: Replayed) {
  if (!ofArea) return 1 + choose.below(8);
  const address = namedAddress(before);
  const area = address && known.areas[address.index];
  return area && ofArea(area);
}

/** An argument for a parameter; undefined if there is no valid one. `before`: the arguments before it. */
function argument(
  known: Known,
  choose: Replayed,
  parameter: Parameter,
  before: readonly (Argument | undefined)[],
): Argument | undefined {
  if (parameter.draw) return parameter.draw(known, before, choose);
  switch (parameter.type) {
    case 'frame':
      return choose.below(known.frames);
    case 'frames': {
      const first = choose.below(known.frames);
      const length = parameter.length ? parameter.length(known, before, choose) : choose.of(SIZES);
      return Array.from({ length: length ?? 0 }, (_, i) => (first + i) % known.frames);
    }
    case 'area': {
      const live = (parameter.origins ?? []).flatMap((origin) => known.live[origin]);
      const area = choose.of(live);
      return area && inArea(area.name, 0);
    }
    case 'vma': {
      const vma = choose.of(known.liveVmas.filter((one) => parameter.which?.(one, known) ?? true));
      return vma && inVma(vma.name, 0);
    }
    case 'object':
      return inObject(choose.below(3), 0);
    case 'pages':
      return pages(parameter, before[before.length - 1], known, choose);
    case 'bytes':
      return choose.of(SIZES)! * known.page;
    case 'value':
      return 1 + choose.below(9);
    case 'choice':
      return choose.of(parameter.choices!);
    case 'flags':
      return parameter.choices!;
    default:
      return anyAddress(known, choose);
  }
}

/** The step of a call that some numbers stand for in a state; undefined if it is not valid there. */
export function stepFrom(known: Known, call: Call, cpu: number, numbers: readonly number[]): Step | undefined {
  const choose = new Replayed(numbers);
  const args: (Argument | undefined)[] = [];
  for (const parameter of call.parameters) {
    const given = !parameter.optional || choose.chance(parameter.often ?? 0);
    const value = given ? argument(known, choose, parameter, args) : undefined;
    if (value === undefined && !parameter.optional) return undefined;
    args.push(value);
  }
  const binds = call.binds === undefined ? -1 : known.nextName(call.binds);
  const step: Step = { cpu, call, binds, args };
  return whyInvalid(known, step) === undefined ? step : undefined;
}
