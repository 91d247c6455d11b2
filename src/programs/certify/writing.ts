import type { Step } from '../../../reference/calls/call.ts';
import { predictStep, whyInvalid } from '../../../reference/calls/valid.ts';
import type { Known } from '../../../reference/model/known.ts';
import type { Address } from '../../../reference/notation/address.ts';
import type { Argument } from '../../../reference/notation/signature.ts';
import { namedAddress } from '../arguments.ts';
import type { Choice, Letter } from './alphabet.ts';

/** Names that one run of equal steps bound: `first`, `first + 1` ... */
export interface Group {
  readonly base: 'a' | 'v';
  readonly first: number;
  readonly count: number;
}

type Arguments = readonly (Argument | undefined)[];

/** The arguments of a letter that are left open: every list, for the first of `count` steps in a row. */
export function argumentLists(choices: readonly Choice[], count: number, groups: readonly Group[]): Arguments[] {
  let lists: Arguments[] = [[]];
  for (const choice of choices) {
    lists = lists.flatMap((list) => valuesOf(choice, count, groups, list).map((value) => [...list, value]));
  }
  return lists;
}

/** The values that a choice allows. A number that follows from an area is filled in later. */
function valuesOf(choice: Choice, count: number, groups: readonly Group[], list: Arguments): Arguments {
  if (choice.kind === 'fixed') return [choice.value];
  if (choice.kind === 'follows') return [0];
  const at = (base: 'a' | 'v', index: number): Address[] => choice.offsets.map((offset) => ({ base, index, offset }));
  if (choice.kind === 'name') return namesIn(groups, choice.base, count).flatMap((index) => at(choice.base, index));
  const same = namedAddress(list[choice.as]);
  return same ? at(same.base, same.index) : [];
}

/** The names that `count` steps in a row may start with. Of each group only the first and the last are used alone. */
function namesIn(groups: readonly Group[], base: 'a' | 'v', count: number): number[] {
  return groups.flatMap((group) => {
    if (group.base !== base) return [];
    if (count === 1) return [...new Set([group.first, group.first + group.count - 1])];
    return group.count >= count ? [group.first] : [];
  });
}

/**
 * `count` steps of a letter in a row, whose names count up from one step to the next; undefined if one of them is not
 * valid. `known` is changed if `count` is more than 1.
 */
export function writeRun(
  letter: Letter,
  args: Arguments,
  binds: number,
  count: number,
  known: Known,
): Step[] | undefined {
  const steps: Step[] = [];
  for (let n = 0; n < count; n++) {
    const own = args.map((value, at) => argumentIn(letter.choices[at], value, args[at - 1], n, known));
    const step: Step = { cpu: 0, call: letter.call, binds: binds < 0 ? -1 : binds + n, args: own };
    if (whyInvalid(known, step) !== undefined) return undefined;
    if (n + 1 < count) predictStep(known, step);
    steps.push(step);
  }
  return steps;
}

/** An argument of step `n` of a run. `before`: the argument before it, as in the first step. */
function argumentIn(
  { kind }: Choice,
  value: Argument | undefined,
  before: Argument | undefined,
  n: number,
  known: Known,
): Argument | undefined {
  if (kind === 'fixed') return value;
  if (kind === 'follows') return known.areas[(namedAddress(before)?.index ?? 0) + n]?.pages ?? 0;
  const address = namedAddress(value)!;
  return { base: address.base, index: address.index + n, offset: address.offset };
}
