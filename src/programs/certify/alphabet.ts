import type { Call, Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import type { Argument } from '../../../reference/notation/signature.ts';
import { argumentsOf, namedAddress, namedAddresses } from '../arguments.ts';

/** How an argument of a letter is chosen. */
export type Choice =
  /** The value that it has in the counterexample. */
  | { readonly kind: 'fixed'; readonly value: Argument | undefined }
  /** Any name of this kind, at one of the offsets (in bytes) that the call has in the counterexample. */
  | { readonly kind: 'name'; readonly base: 'a' | 'v'; readonly offsets: readonly number[] }
  /** The name that was chosen for the argument at position `as`, at one of the offsets. */
  | { readonly kind: 'same'; readonly as: number; readonly offsets: readonly number[] }
  /** The number that is right for the area in the argument before. */
  | { readonly kind: 'follows' };

/** A step of the counterexample with its CPU and its names left open. */
export interface Letter {
  readonly call: Call;
  readonly choices: readonly Choice[];
  /** The longest run of equal steps of this letter; 1 if runs do not count as one. */
  readonly maxRun: number;
}

/** What shorter programs are written with: the calls and arguments of a counterexample. */
export interface Alphabet {
  readonly letters: readonly Letter[];
  /** Steps of the counterexample, counting each run of equal steps once. */
  readonly places: number;
  /** CPUs that the counterexample uses. */
  readonly cpus: number;
  /** Whether the counterexample has runs of equal steps that count as one. */
  readonly runs: boolean;
}

/** Equal steps in a row that count as one. */
const MIN_RUN = 3;

/** The offsets that an argument of a call has in the counterexample, those near 0 first. */
function offsetsOf(program: Program, call: Call, position: number, base: 'a' | 'v'): number[] {
  const steps = program.steps.filter((step) => step.call === call);
  const addresses = steps.flatMap(namedAddresses).filter((named) => named.position === position && named.base === base);
  return [...new Set(addresses.map(({ offset }) => offset))].sort((a, b) => Math.abs(a) - Math.abs(b));
}

function letterOf(program: Program, { call, args }: Step): Letter {
  const choices = args.map((value, at): Choice => {
    if (call.parameters[at].ofArea) return { kind: 'follows' };
    const address = namedAddress(value);
    if (!address) return { kind: 'fixed', value };
    const { base, index } = address;
    const offsets = call.parameters[at].type === 'address' ? offsetsOf(program, call, at, base) : [0];
    const as = args.findIndex((other, i) => {
      const before = i < at ? namedAddress(other) : undefined;
      return before?.base === base && before.index === index;
    });
    return as < 0 ? { kind: 'name', base, offsets } : { kind: 'same', as, offsets };
  });
  return { call, choices, maxRun: 1 };
}

/** The calls and arguments of a counterexample. Parallel blocks are ignored. */
export function alphabetOf(program: Program): Alphabet {
  const letters = new Map<string, Letter>();
  const keys = program.steps.map((step) => {
    const letter = letterOf(program, step);
    const key = `${letter.call.name} ${JSON.stringify(letter.choices)}`;
    if (!letters.has(key)) letters.set(key, letter);
    return { cpu: step.cpu, key };
  });
  let places = 0;
  let runs = false;
  for (let from = 0; from < keys.length; places++) {
    const { cpu, key } = keys[from];
    let end = from + 1;
    while (end < keys.length && keys[end].cpu === cpu && keys[end].key === key) end++;
    const letter = letters.get(key)!;
    if (end - from >= MIN_RUN) {
      runs = true;
      letters.set(key, { ...letter, maxRun: Math.max(letter.maxRun, end - from) });
    } else places += end - from - 1;
    from = end;
  }
  const cpus = 1 + Math.max(0, ...program.steps.map((step) => step.cpu));
  return { letters: [...letters.values()], places, cpus, runs };
}

/** The fixed arguments of a letter that are given, in the form of `argumentsOf`. */
export const fixedArguments = ({ call, choices }: Letter) =>
  argumentsOf({ cpu: 0, call, binds: -1, args: choices.map((one) => (one.kind === 'fixed' ? one.value : undefined)) });
