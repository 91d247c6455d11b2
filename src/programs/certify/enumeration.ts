import type { Step } from '../../../reference/calls/call.ts';
import { type Program, predictStep } from '../../../reference/calls/valid.ts';
import { Known } from '../../../reference/model/known.ts';
import { NO_BLOCKS } from '../../../reference/notation/program.ts';
import type { Argument } from '../../../reference/notation/signature.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';
import { namedAddress } from '../arguments.ts';
import type { Alphabet, Letter } from './alphabet.ts';
import { argumentLists, type Group, writeRun } from './writing.ts';

/** What programs are written for. */
export interface Ground {
  readonly traits: Traits;
  /** Page size in bytes. */
  readonly page: number;
  readonly frames: number;
  /** CPUs in the header of the programs. */
  readonly cpus: number;
  /** The name of the call that must fail. The last step of every program is a step of it; undefined: of any call. */
  readonly failing: string | undefined;
}

/** A program, and its path: a program whose path starts with another one's path starts with that program. */
export interface Written {
  readonly program: Program;
  readonly path: string;
}

/** A letter with everything decided: the steps of one place. */
interface Place {
  readonly steps: readonly Step[];
  readonly group: Group | undefined;
  readonly key: string;
}

/** The start of a program. */
interface Prefix {
  readonly steps: readonly Step[];
  readonly groups: readonly Group[];
  readonly path: string;
  /** CPUs used so far. */
  readonly cpus: number;
  /** Places used so far. */
  readonly places: number;
  /** The last letter, and what was decided for it. */
  readonly last: { readonly letter: Letter; readonly place: Place } | undefined;
}

const EMPTY: Prefix = { steps: [], groups: [], path: '', cpus: 0, places: 0, last: undefined };

/** Observing steps that can be exchanged with their neighbours of the same kind. */
const commutes = ({ call }: Letter): boolean => call.side === 'observe' && call.effect !== 'writes';

/**
 * Whether a place may follow the last one. Of neighbours that can be exchanged only one order is written, and of a run
 * of equal steps only one division into places.
 */
function inOrder({ last }: Prefix, letter: Letter, place: Place): boolean {
  if (!last) return true;
  if (commutes(last.letter) && commutes(letter) && place.key <= last.place.key) return false;
  return letter !== last.letter || letter.maxRun === 1 || place.steps[0].cpu !== last.place.steps[0].cpu;
}

/** Writes all programs over an alphabet, length by length. */
export class Enumeration {
  readonly #alphabet: Alphabet;
  readonly #ground: Ground;
  /** Paths of programs that break the contract. No program that continues one of them can fail in its last step. */
  readonly dead = new Set<string>();

  constructor(alphabet: Alphabet, ground: Ground) {
    this.#alphabet = alphabet;
    this.#ground = ground;
  }

  /**
   * All valid programs of exactly `length` steps, except for equivalent ones: names are numbered in the order in which
   * they are bound, CPUs by first use, and observing steps in a row have one order. Of the names that a run of equal
   * steps bound, other steps use the first and the last.
   */
  *ofLength(length: number): Generator<Written, void> {
    yield* this.#extend(EMPTY, length);
  }

  *#extend(prefix: Prefix, length: number): Generator<Written, void> {
    const left = length - prefix.steps.length;
    const known = this.#knownAfter(prefix.steps);
    for (const letter of this.#alphabet.letters) {
      const most = Math.min(letter.maxRun, left);
      for (let count = 1; count <= most; count++) {
        if (count === left && (count > 1 || !this.#mayFail(letter))) continue;
        for (const place of this.#places(letter, count, prefix, known))
          if (inOrder(prefix, letter, place)) yield* this.#with(prefix, letter, place, length);
      }
    }
  }

  #mayFail({ call }: Letter): boolean {
    const { failing } = this.#ground;
    return failing === undefined || call.name === failing;
  }

  *#with(prefix: Prefix, letter: Letter, place: Place, length: number): Generator<Written, void> {
    const steps = [...prefix.steps, ...place.steps];
    const path = `${prefix.path}${place.key};`;
    if (steps.length === length) {
      const { cpus, frames } = this.#ground;
      yield { program: { cpus, frames, steps, blocks: NO_BLOCKS }, path };
      return;
    }
    const places = prefix.places + 1;
    if (places >= this.#alphabet.places || this.dead.has(path)) return;
    const groups = place.group ? [...prefix.groups, place.group] : prefix.groups;
    const cpus = Math.max(prefix.cpus, place.steps[0].cpu + 1);
    yield* this.#extend({ steps, groups, path, cpus, places, last: { letter, place } }, length);
  }

  #knownAfter(steps: readonly Step[]): Known {
    const { traits, cpus, frames, page } = this.#ground;
    const known = new Known(traits, cpus, frames, page);
    for (const step of steps) predictStep(known, step);
    return known;
  }

  /** Every way to write `count` equal steps of a letter next. */
  *#places(letter: Letter, count: number, prefix: Prefix, known: Known): Generator<Place, void> {
    const { call } = letter;
    const binds = call.binds === undefined ? -1 : known.nextName(call.binds);
    const cpus = Math.min(prefix.cpus + 1, this.#alphabet.cpus);
    for (const args of argumentLists(letter.choices, count, prefix.groups)) {
      const steps = writeRun(letter, args, binds, count, count > 1 ? this.#knownAfter(prefix.steps) : known);
      if (!steps) continue;
      const group =
        call.binds === undefined || call.binds === 'm' ? undefined : { base: call.binds, first: binds, count };
      for (let cpu = 0; cpu < cpus; cpu++) {
        const key = `${this.#alphabet.letters.indexOf(letter)}x${count}@${cpu}${args.map(nameKey).join('')}`;
        yield { steps: cpu === 0 ? steps : steps.map((step) => ({ ...step, cpu })), group, key };
      }
    }
  }
}

/** The part of a place's key that says which name an argument has. */
function nameKey(value: Argument | undefined): string {
  const address = namedAddress(value);
  return address ? `,${address.base}${address.index}+${address.offset}` : '';
}
