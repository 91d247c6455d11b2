import type { Step } from '../../../../reference/calls/call.ts';
import type { Program } from '../../../../reference/calls/valid.ts';
import { type Address, HOLE } from '../../../../reference/notation/address.ts';
import type { FrameId } from '../../../../reference/notation/frame.ts';
import type { Argument } from '../../../../reference/notation/signature.ts';
import { plainFrames, raggedness } from '../frames.ts';
import { pagesIn } from '../order.ts';
import { type Context, type Pass, withArgument } from '../pass.ts';

/** A single thing about a step that could be plainer. */
interface Trait {
  readonly kind: string;
  readonly step: number;
  readonly change: (step: Step) => Step;
}

const replace =
  (position: number, value: Argument | undefined) =>
  (step: Step): Step =>
    withArgument(step, position, value);

/** Changes only the offset of an address, whatever has happened to the rest. */
const offset =
  (position: number, change: (offset: number) => number) =>
  (step: Step): Step => {
    const address = step.args[position] as Address;
    return withArgument(step, position, { ...address, offset: change(address.offset) });
  };

/** Ascending frames, however many there are by now. */
const framesFrom =
  (position: number, start: number, pool: number) =>
  (step: Step): Step =>
    withArgument(step, position, plainFrames(start, (step.args[position] as readonly FrameId[]).length, pool));

/** The longest list whose frames are made plainer one by one. */
const FEW = 8;

/** A list that breaks off, with a row of it, or a single frame, from f0 on or going on where what is before ends. */
function* plainerRows(frames: readonly FrameId[], pool: number): Iterable<readonly FrameId[]> {
  const starts = frames.flatMap((frame, at) => (at === 0 || frame !== (frames[at - 1] + 1) % pool ? [at] : []));
  if (starts.length > FEW) return;
  const rows = starts.map((start, i) => ({ start, end: starts[i + 1] ?? frames.length }));
  const single = frames.length > FEW ? [] : frames.map((_, at) => ({ start: at, end: at + 1 }));
  for (const { start, end } of [...rows, ...single]) {
    for (const first of new Set([0, start > 0 ? (frames[start - 1] + 1) % pool : 0])) {
      if (frames[start] !== first) yield frames.toSpliced(start, end - start, ...plainFrames(first, end - start, pool));
    }
  }
}

/** What could be plainer about one argument. */
function* ofArgument(
  step: Step,
  position: number,
  page: number,
  pool: number,
): Iterable<{ kind: string; change: (step: Step) => Step }> {
  const parameter = step.call.parameters[position];
  const value = step.args[position];
  if (value === undefined) return;
  if (parameter.optional) yield { kind: 'optional', change: replace(position, undefined) };
  switch (parameter.type) {
    case 'frame':
      if (value !== 0) yield { kind: 'frames', change: replace(position, 0) };
      if ((value as FrameId) > 1) yield { kind: 'second', change: replace(position, 1) };
      return;
    case 'frames': {
      const frames = value as readonly FrameId[];
      if (frames.length > 1) yield { kind: 'sizes', change: replace(position, [0]) };
      for (const start of [0, 1]) {
        const ragged = raggedness(frames, pool) > start;
        if (ragged) yield { kind: start === 0 ? 'frames' : 'second', change: framesFrom(position, start, pool) };
      }
      // Where frames must not be in a row, each row by itself, and each frame.
      if (raggedness(frames, pool) < pool) return;
      for (const less of plainerRows(frames, pool)) yield { kind: 'second', change: replace(position, less) };
      return;
    }
    case 'area':
      if ((value as Address).offset !== 0) yield { kind: 'unknown', change: replace(position, HOLE) };
      return;
    case 'address':
    case 'object': {
      const address = value as Address;
      const within = ((address.offset % page) + page) % page;
      if (within !== 0) yield { kind: 'within', change: offset(position, (now) => Math.floor(now / page) * page) };
      if (address.offset !== within) yield { kind: 'offsets', change: offset(position, () => 0) };
      if (parameter.type === 'object' && address.index > 0)
        yield {
          kind: 'objects',
          change: (now) => replace(position, { ...(now.args[position] as Address), index: 0 })(now),
        };
      return;
    }
    case 'pages':
      if (!parameter.ofArea && (value as number) > 1) yield { kind: 'sizes', change: replace(position, 1) };
      return;
    case 'bytes': {
      const pages = pagesIn(parameter, value, page);
      if (pages * page !== value) yield { kind: 'within', change: replace(position, pages * page) };
      const least = (pages - 1) * page + 1;
      if (pages * page !== value && value !== 0 && value !== least)
        yield { kind: 'least', change: replace(position, least) };
      if (pages > 1) yield { kind: 'sizes', change: replace(position, page) };
      return;
    }
    case 'value':
      if (value !== 1) yield { kind: 'values', change: replace(position, 1) };
      return;
    case 'choice':
      if (value !== parameter.choices![0]) yield { kind: 'choices', change: replace(position, parameter.choices![0]) };
      return;
    default:
      return;
  }
}

function traitsOf({ steps, frames }: Program, { page }: Context): Trait[] {
  const found: Trait[] = [];
  steps.forEach((step, at) => {
    if (step.cpu > 0) found.push({ kind: 'cpu', step: at, change: (now) => ({ ...now, cpu: 0 }) });
    step.args.forEach((_, position) => {
      for (const { kind, change } of ofArgument(step, position, page, frames)) found.push({ kind, step: at, change });
    });
  });
  return found;
}

/** Every list of frames ascending, each from one frame later than the one before: plain, but different. */
function staggered({ steps, frames }: Program): Step[] {
  let start = 0;
  return steps.map((step) =>
    step.call.parameters.reduce((made, { type }, position) => {
      if (type === 'frames' && step.args[position]) return framesFrom(position, start++, frames)(made);
      return type === 'frame' && step.args[position] !== undefined ? withArgument(made, position, start++) : made;
    }, step),
  );
}

function changed({ steps }: Program, traits: readonly Trait[]): Step[] {
  const made = [...steps];
  for (const { step, change } of traits) made[step] = change(made[step]);
  return made;
}

/** Kinds that say nothing about what happens where, mostly: all of them are tried at once. */
const HARMLESS = new Set(['cpu', 'frames', 'within', 'values', 'objects']);
const KINDS = ['cpu', 'frames', 'within', 'values', 'objects', 'offsets', 'sizes', 'optional'];

/** Sets of traits to change at once: everything harmless, everything of a kind, each alone. */
function groupsOf(traits: readonly Trait[]): Trait[][] {
  const kinds = KINDS.map((kind) => traits.filter((trait) => trait.kind === kind));
  return [[...kinds.flat()], traits.filter(({ kind }) => HARMLESS.has(kind)), ...kinds].filter(
    (group) => group.length > 1,
  );
}

/**
 * Makes arguments plain: CPU 0, frames from f0 on, offset 0, one page, nothing optional ...
 *
 * Proposes: all of it at once, then kind by kind, then one by one.
 * Goes on: the numbers of a cursor count the groups, or (size 1) the single changes, that were tried and failed.
 * Costs: as many proposals as there are arguments that cannot be plain, and one for each kind of them.
 */
export const plain: Pass = {
  name: 'plain',
  *edits(program, context, from) {
    const traits = traitsOf(program, context);
    if (!from || from.size === 0) {
      for (const group of groupsOf(traits)) yield { steps: changed(program, group), next: { at: 0, size: 0 } };
      yield { steps: staggered(program), next: { at: 0, size: 0 } };
    }
    for (let at = from?.size === 1 ? from.at : 0; at < traits.length; at++) {
      yield { steps: changed(program, [traits[at]]), next: { at, size: 1 } };
    }
  },
};
