import type { Call, Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import type { Address } from '../../../reference/notation/address.ts';
import type { FrameId } from '../../../reference/notation/frame.ts';
import type { Argument, ParameterType } from '../../../reference/notation/signature.ts';

/** How an argument of a letter is chosen. */
export type Choice =
  /** As in the counterexample. */
  | { readonly kind: 'fixed'; readonly value: Argument | undefined }
  /** Any name of that sort, at one of the offsets (in bytes) that the call was given in the counterexample. */
  | { readonly kind: 'name'; readonly base: 'a' | 'v'; readonly offsets: readonly number[] }
  /** The name chosen for an argument before, at one of the offsets. */
  | { readonly kind: 'same'; readonly as: number; readonly offsets: readonly number[] }
  /** The number that is right for the area in the argument before. */
  | { readonly kind: 'follows' };

/** A step of the counterexample with its CPU and its names left open. */
export interface Letter {
  readonly call: Call;
  readonly choices: readonly Choice[];
  /** The most like steps that stand in a row in the counterexample; 1 where they are not counted as one. */
  readonly most: number;
}

/** What shorter programs are written with. */
export interface Alphabet {
  readonly letters: readonly Letter[];
  /** Steps of the counterexample, runs of like steps counted once. */
  readonly places: number;
  /** CPUs that the counterexample uses. */
  readonly cpus: number;
  /** True where runs of like steps count as one. */
  readonly bulk: boolean;
}

/** So many like steps in a row count as one. */
const RUN = 3;

const named = (value: Argument | undefined): Address | undefined => {
  const address = value as Address | undefined;
  return address?.base === 'a' || address?.base === 'v' ? address : undefined;
};

/** All offsets at which a call's argument is given in the counterexample. */
function offsets(program: Program, call: Call, at: number, base: string): number[] {
  const all = program.steps
    .filter((step) => step.call === call)
    .map((step) => named(step.args[at]))
    .filter((address) => address?.base === base)
    .map((address) => address!.offset);
  return [...new Set(all)].sort((a, b) => Math.abs(a) - Math.abs(b));
}

function letterOf(program: Program, step: Step): Letter {
  const { call, args } = step;
  const choices = args.map((value, at): Choice => {
    if (call.parameters[at].ofArea) return { kind: 'follows' };
    const address = named(value);
    if (!address) return { kind: 'fixed', value };
    const { base, index } = address as { base: 'a' | 'v'; index: number };
    const where = call.parameters[at].type === 'address' ? offsets(program, call, at, base) : [0];
    const as = args.findIndex((other, i) => i < at && named(other)?.base === base && named(other)?.index === index);
    return as < 0 ? { kind: 'name', base, offsets: where } : { kind: 'same', as, offsets: where };
  });
  return { call, choices, most: 1 };
}

/** The letter with every frame replaced by the next one; undefined where it names none, or the pool ends there. */
function shifted(letter: Letter, frames: number): Letter | undefined {
  let found = false;
  const next = (frame: FrameId): FrameId => {
    found = true;
    return frame + 1;
  };
  const choices = letter.choices.map((choice, at): Choice => {
    if (choice.kind !== 'fixed' || choice.value === undefined) return choice;
    const { type } = letter.call.parameters[at];
    if (type === 'frame') return { kind: 'fixed', value: next(choice.value as FrameId) };
    if (type === 'frames') return { kind: 'fixed', value: (choice.value as readonly FrameId[]).map(next) };
    return choice;
  });
  const named = choices.flatMap((choice) => (choice.kind === 'fixed' ? choice.value : undefined)).flat();
  return found && named.every((value) => typeof value !== 'number' || value < frames)
    ? { ...letter, choices }
    : undefined;
}

/** A letter with one kind of argument in a plainer form. */
function withFixed(letter: Letter, type: ParameterType, plainer: (value: Argument) => Argument): Letter {
  const choices = letter.choices.map((choice, at): Choice => {
    const fits = choice.kind === 'fixed' && choice.value !== undefined && letter.call.parameters[at].type === type;
    return fits ? { kind: 'fixed', value: plainer(choice.value!) } : choice;
  });
  return { ...letter, choices };
}

/** Frames that are not in one row: the first one twice. */
const inTwoRows = (frames: readonly FrameId[]): readonly FrameId[] =>
  frames.every((frame, at) => at === 0 || frame === frames[at - 1] + 1)
    ? frames
    : frames.map((_, at) => Math.max(at - 1, 0));

/** So many small values are tried for a plain number. */
const VALUES = 8;

/** The letter with plainer numbers: part of a page is one byte of it, an object is mapped from its start, or its second page. */
function plainer(letter: Letter, page: number): Letter[] {
  const bytes = withFixed(letter, 'bytes', (value) => {
    const size = value as number;
    return size % page === 0 ? size : Math.floor(size / page) * page + 1;
  });
  const [start, second] = [0, page].map((offset) =>
    withFixed(bytes, 'object', (value) => ({ ...(value as Address), offset })),
  );
  // A number that stands by itself counts something; beside others it is what is written.
  const counts = letter.call.parameters.length === 1 ? VALUES : 0;
  const values = Array.from({ length: counts }, (_, small) => withFixed(start, 'value', () => small));
  const rows = withFixed(start, 'frames', (value) => inTwoRows(value as readonly FrameId[]));
  return [bytes, start, second, ...values, rows, halved(start, page)];
}

/** The letter with half the pages: shrinking goes through the sizes one by one, and may not get past one that holds. */
function halved(letter: Letter, page: number): Letter {
  const half = (size: number): number => Math.ceil(size / 2);
  const pages = withFixed(letter, 'pages', (value) => half(value as number));
  const bytes = withFixed(pages, 'bytes', (value) => half((value as number) / page) * page);
  return withFixed(bytes, 'frames', (value) => {
    const frames = value as readonly FrameId[];
    return frames.slice(0, half(frames.length));
  });
}

/**
 * The same calls in more forms: with frames that are not the first ones, at the start of what they name, with plainer
 * numbers. `page` in bytes.
 */
export function widened({ letters, ...rest }: Alphabet, frames: number, page: number): Alphabet {
  const open = letters.map((letter): Letter => {
    const choices = letter.choices.map((choice) =>
      'offsets' in choice ? { ...choice, offsets: [...new Set([0, ...choice.offsets])] } : choice,
    );
    return { ...letter, choices };
  });
  const known = new Map<string, Letter>();
  for (const letter of open) {
    for (const form of [letter, shifted(letter, frames), ...plainer(letter, page)]) {
      if (!form) continue;
      const key = JSON.stringify([form.call.name, form.choices]);
      if (!known.has(key)) known.set(key, form);
    }
  }
  return { ...rest, letters: [...known.values()] };
}

/** The calls and arguments of a counterexample. Parallel blocks have no place in it. */
export function alphabetOf(program: Program): Alphabet {
  const letters = new Map<string, Letter>();
  const keys = program.steps.map((step) => {
    const letter = letterOf(program, step);
    const key = `${letter.call.name} ${JSON.stringify(letter.choices)}`;
    if (!letters.has(key)) letters.set(key, letter);
    return `@${step.cpu} ${key}`;
  });
  let places = 0;
  let bulk = false;
  for (let from = 0; from < keys.length; places++) {
    let end = from + 1;
    while (end < keys.length && keys[end] === keys[from]) end++;
    const key = keys[from].slice(keys[from].indexOf(' ') + 1);
    const letter = letters.get(key)!;
    if (end - from >= RUN) {
      bulk = true;
      letters.set(key, { ...letter, most: Math.max(letter.most, end - from) });
    } else places += end - from - 1;
    from = end;
  }
  const cpus = 1 + Math.max(0, ...program.steps.map((step) => step.cpu));
  return { letters: [...letters.values()], places, cpus, bulk };
}
