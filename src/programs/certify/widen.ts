import type { FrameId } from '../../../reference/notation/frame.ts';
import type { Argument } from '../../../reference/notation/signature.ts';
import type { GivenArgument } from '../arguments.ts';
import { type Alphabet, fixedArguments, type Letter } from './alphabet.ts';

/** Values that are tried for a number that counts later calls: 0 to one less. */
const COUNTS = 8;

/** The letter with its fixed arguments replaced by what `change` returns. */
function mapFixed(letter: Letter, change: (argument: GivenArgument) => Argument): Letter {
  const choices = [...letter.choices];
  for (const argument of fixedArguments(letter))
    choices[argument.position] = { kind: 'fixed', value: change(argument) };
  return { ...letter, choices };
}

/** The letter with each frame replaced by the next one; undefined if it has no frame, or the pool ends there. */
function shifted(letter: Letter, frames: number): Letter | undefined {
  const used = fixedArguments(letter).flatMap(({ type, value }) =>
    type === 'frame' ? [value] : type === 'frames' ? value : [],
  );
  if (used.length === 0 || Math.max(...used) + 1 >= frames) return undefined;
  return mapFixed(letter, ({ type, value }) =>
    type === 'frame' ? value + 1 : type === 'frames' ? value.map((frame) => frame + 1) : value,
  );
}

/** Frames that are not one ascending sequence: the first frame occurs twice. */
const inTwoSequences = (frames: readonly FrameId[]): readonly FrameId[] =>
  frames.every((frame, at) => at === 0 || frame === frames[at - 1] + 1)
    ? frames
    : frames.map((_, at) => Math.max(at - 1, 0));

/** The letter with half the pages. Shrinking goes through sizes one by one, and may not get past a size that passes. */
function halved(letter: Letter, page: number): Letter {
  const half = (size: number): number => Math.ceil(size / 2);
  return mapFixed(letter, ({ type, value }) => {
    if (type === 'pages') return half(value);
    if (type === 'bytes') return half(value / page) * page;
    return type === 'frames' ? value.slice(0, half(value.length)) : value;
  });
}

/**
 * The letter with plainer numbers: one byte instead of another part of a page, an object from its start or from its
 * second page, small counts, half the pages.
 */
function plainer(letter: Letter, page: number): Letter[] {
  const bytes = mapFixed(letter, ({ type, value }) =>
    type === 'bytes' && value % page !== 0 ? Math.floor(value / page) * page + 1 : value,
  );
  const [start, second] = [0, page].map((offset) =>
    mapFixed(bytes, ({ type, value }) => (type === 'object' ? { ...value, offset } : value)),
  );
  const counts = letter.call.effect === 'arms' ? COUNTS : 0;
  const counting = Array.from({ length: counts }, (_, count) =>
    mapFixed(start, ({ type, value }) => (type === 'value' ? count : value)),
  );
  const sequences = mapFixed(start, ({ type, value }) => (type === 'frames' ? inTwoSequences(value) : value));
  return [bytes, start, second, ...counting, sequences, halved(start, page)];
}

/**
 * The same calls in more forms: with other frames, at the start of what they name, with plainer numbers. `frames`: the
 * size of the pool; `page`: bytes.
 */
export function widened({ letters, ...rest }: Alphabet, frames: number, page: number): Alphabet {
  const known = new Map<string, Letter>();
  for (const letter of letters) {
    const choices = letter.choices.map((choice) =>
      'offsets' in choice ? { ...choice, offsets: [...new Set([0, ...choice.offsets])] } : choice,
    );
    const open: Letter = { ...letter, choices };
    for (const form of [open, shifted(open, frames), ...plainer(open, page)]) {
      if (!form) continue;
      const key = JSON.stringify([form.call.name, form.choices]);
      if (!known.has(key)) known.set(key, form);
    }
  }
  return { ...rest, letters: [...known.values()] };
}
