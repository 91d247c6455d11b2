import type { Step } from '../../../reference/calls/call.ts';
import { type Program, whyInvalid } from '../../../reference/calls/valid.ts';
import { Known } from '../../../reference/model/known.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { NO_BLOCKS } from '../../../reference/notation/program.ts';
import type { Argument } from '../../../reference/notation/signature.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';
import type { Alphabet, Choice, Letter } from './alphabet.ts';

/** What programs are written for. */
export interface Ground {
  readonly traits: Traits;
  /** Page size in bytes. */
  readonly page: number;
  readonly frames: number;
  /** CPUs that the programs' header names. */
  readonly cpus: number;
  /** The call that must fail: the last step of every program is one of it. */
  readonly failing: string;
}

/** A program, and what it is written with: a program that begins so begins with this one. */
export interface Written {
  readonly program: Program;
  readonly path: string;
}

/** Names that one run of like steps bound: `first`, `first + 1` ... */
interface Group {
  readonly base: 'a' | 'v';
  readonly first: number;
  readonly count: number;
}

/** A letter with everything decided: the steps that it stands for. */
interface Place {
  readonly steps: readonly Step[];
  readonly group: Group | undefined;
  readonly key: string;
}

interface State {
  readonly steps: readonly Step[];
  readonly groups: readonly Group[];
  readonly path: string;
  /** CPUs that were used so far. */
  readonly cpus: number;
  /** Places that were used so far. */
  readonly places: number;
  /** The letter that stands last, with what was decided about it. */
  readonly last: Letter | undefined;
  readonly made: Place | undefined;
}

/** True for steps that only look: in a row they stand in one order, and none twice. */
const looks = ({ call }: Letter): boolean => call.side === 'observe' && call.effect !== 'writes';

/** Neighbours that may change places stand in one order, and runs of like steps are one run. */
function inOrder({ last, made: before }: State, letter: Letter, made: Place): boolean {
  if (!last || !before) return true;
  if (looks(last) && looks(letter) && made.key <= before.key) return false;
  return letter !== last || letter.most === 1 || made.steps[0].cpu !== before.steps[0].cpu;
}

/** Writes programs over an alphabet. */
export class Enumeration {
  readonly #alphabet: Alphabet;
  readonly #ground: Ground;
  /** Beginnings that break the contract by themselves: no program that begins so can fail in its last step. */
  readonly dead = new Set<string>();

  constructor(alphabet: Alphabet, ground: Ground) {
    this.#alphabet = alphabet;
    this.#ground = ground;
  }

  /**
   * All valid programs of exactly `length` steps, up to the names of things: names are numbered by birth, CPUs by
   * first use, and looks in a row stand in one order. Of a run of like steps only the first and the last name are
   * used by themselves.
   */
  *ofLength(length: number): Generator<Written, void> {
    yield* this.#extend(
      { steps: [], groups: [], path: '', cpus: 0, places: 0, last: undefined, made: undefined },
      length,
    );
  }

  *#extend(state: State, length: number): Generator<Written, void> {
    const left = length - state.steps.length;
    const known = this.#knownAfter(state.steps);
    for (const letter of this.#alphabet.letters) {
      const most = Math.min(letter.most, left);
      for (let count = 1; count <= most; count++) {
        if (count === left && (count > 1 || letter.call.name !== this.#ground.failing)) continue;
        for (const made of this.#write(letter, count, state, known))
          if (inOrder(state, letter, made)) yield* this.#with(state, letter, made, length);
      }
    }
  }

  *#with(state: State, letter: Letter, made: Place, length: number): Generator<Written, void> {
    const steps = [...state.steps, ...made.steps];
    const path = `${state.path}${made.key};`;
    if (steps.length === length) {
      const { cpus, frames } = this.#ground;
      yield { program: { cpus, frames, steps, blocks: NO_BLOCKS }, path };
      return;
    }
    if (state.places + 1 >= this.#alphabet.places || this.dead.has(path)) return;
    const groups = made.group ? [...state.groups, made.group] : state.groups;
    const cpus = Math.max(state.cpus, made.steps[0].cpu + 1);
    yield* this.#extend({ steps, groups, path, cpus, places: state.places + 1, last: letter, made }, length);
  }

  #knownAfter(steps: readonly Step[]): Known {
    const { traits, cpus, frames, page } = this.#ground;
    const known = new Known(traits, cpus, frames, page);
    for (const step of steps) step.call.predict?.(known, step);
    return known;
  }

  /** Every way to put `count` like steps here. */
  *#write(letter: Letter, count: number, state: State, known: Known): Generator<Place, void> {
    const { call } = letter;
    const binds = call.binds === undefined ? -1 : (call.binds === 'a' ? known.areas : known.vmas).length;
    const cpus = Math.min(state.cpus + 1, this.#alphabet.cpus);
    for (const args of this.#lists(letter.choices, count, state.groups)) {
      const steps = this.#run(letter, args, binds, count, state, known);
      if (!steps) continue;
      const group = call.binds === undefined ? undefined : { base: call.binds, first: binds, count };
      for (let cpu = 0; cpu < cpus; cpu++) {
        const key = `${this.#alphabet.letters.indexOf(letter)}x${count}@${cpu}${args.map(shown).join('')}`;
        yield { steps: cpu === 0 ? steps : steps.map((step) => ({ ...step, cpu })), group, key };
      }
    }
  }

  /** So many steps, names counted up from one to the next; undefined where one is not valid. */
  #run(
    letter: Letter,
    args: readonly (Argument | undefined)[],
    binds: number,
    count: number,
    state: State,
    before: Known,
  ): Step[] | undefined {
    const known = count > 1 ? this.#knownAfter(state.steps) : before;
    const steps: Step[] = [];
    for (let n = 0; n < count; n++) {
      const own = args.map((value, at) => this.#argument(letter.choices[at], value, args, at, n, known));
      const step: Step = { cpu: 0, call: letter.call, binds: binds < 0 ? -1 : binds + n, args: own };
      if (whyInvalid(known, step) !== undefined) return undefined;
      if (n + 1 < count) step.call.predict?.(known, step);
      steps.push(step);
    }
    return steps;
  }

  #argument(
    choice: Choice,
    value: Argument | undefined,
    args: readonly (Argument | undefined)[],
    at: number,
    n: number,
    known: Known,
  ): Argument | undefined {
    if (choice.kind === 'fixed') return value;
    if (choice.kind === 'follows') {
      const area = known.areas[(args[at - 1] as Address).index + n];
      return area?.pages ?? 0;
    }
    const address = value as Address;
    return n === 0 ? address : { ...address, index: address.index + n };
  }

  /** Every list of arguments. */
  #lists(choices: readonly Choice[], count: number, groups: readonly Group[]): (Argument | undefined)[][] {
    let lists: (Argument | undefined)[][] = [[]];
    for (const choice of choices) {
      if (choice.kind === 'fixed') for (const list of lists) list.push(choice.value);
      else if (choice.kind === 'follows') for (const list of lists) list.push(0);
      else lists = lists.flatMap((list) => addresses(choice, count, groups, list).map((address) => [...list, address]));
    }
    return lists;
  }
}

/** Addresses that a choice allows, for `count` steps in a row. */
function addresses(
  choice: Exclude<Choice, { kind: 'fixed' | 'follows' }>,
  count: number,
  groups: readonly Group[],
  list: readonly (Argument | undefined)[],
): Address[] {
  const { offsets } = choice;
  if (choice.kind === 'same') {
    const { base, index } = list[choice.as] as Address;
    return offsets.map((offset) => ({ base, index, offset }));
  }
  const { base } = choice;
  const names: number[] = [];
  for (const group of groups) {
    if (group.base !== base) continue;
    if (count === 1) names.push(...new Set([group.first, group.first + group.count - 1]));
    else if (group.count >= count) names.push(group.first);
  }
  return names.flatMap((index) => offsets.map((offset): Address => ({ base, index, offset })));
}

function shown(value: Argument | undefined): string {
  const address = value as Address | undefined;
  return address?.base === 'a' || address?.base === 'v' ? `,${address.base}${address.index}+${address.offset}` : '';
}
