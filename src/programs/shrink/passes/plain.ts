import type { Step } from '../../../../reference/calls/call.ts';
import type { Program } from '../../../../reference/calls/valid.ts';
import { HOLE } from '../../../../reference/notation/address.ts';
import { areaFrame, areaOfFrame, areasOfFrames, type FrameId } from '../../../../reference/notation/frame.ts';
import type { Argument } from '../../../../reference/notation/signature.ts';
import { argumentAt, argumentsOf, type GivenArgument, withArgument } from '../../arguments.ts';
import { plainFrames, raggedness } from '../frames.ts';
import { pagesIn } from '../order.ts';
import { type Context, type Pass, START } from '../pass.ts';

/** What a change makes plainer. */
type Kind =
  | 'cpu'
  | 'frames'
  | 'within'
  | 'values'
  | 'objects'
  | 'offsets'
  | 'sizes'
  | 'optional'
  | 'second'
  | 'unknown'
  | 'least'
  | 'choices';

/** One change that makes a step plainer. It can be combined with other changes of the same step. */
interface Change {
  readonly kind: Kind;
  readonly apply: (step: Step) => Step;
}

const replace =
  (position: number, value: Argument | undefined) =>
  (step: Step): Step =>
    withArgument(step, position, value);

/** Changes part of an address, and keeps what earlier changes did to the rest. */
const inAddress =
  (position: number, change: (offset: number) => { readonly offset?: number; readonly index?: number }) =>
  (step: Step): Step => {
    const argument = argumentAt(step, position);
    if (argument?.type !== 'address' && argument?.type !== 'object') return step;
    return withArgument(step, position, { ...argument.value, ...change(argument.value.offset) });
  };

/** Ascending frames, as many as the list has after earlier changes. */
const framesFrom =
  (position: number, start: number, pool: number) =>
  (step: Step): Step => {
    const argument = argumentAt(step, position);
    if (argument?.type !== 'frames') return step;
    return withArgument(step, position, plainFrames(start, argument.value.length, pool));
  };

/** Longer lists of frames are not made plainer frame by frame. */
const MAX_SINGLE_FRAMES = 8;

/**
 * Plainer forms of a list that is not one ascending sequence: one of its sequences, or one frame, replaced so that it
 * starts at f0 or continues the frames before it.
 */
function* plainerSequences(frames: readonly FrameId[], pool: number): Iterable<readonly FrameId[]> {
  const starts = frames.flatMap((frame, at) => (at === 0 || frame !== (frames[at - 1] + 1) % pool ? [at] : []));
  if (starts.length > MAX_SINGLE_FRAMES) return;
  const sequences = starts.map((start, i) => ({ start, end: starts[i + 1] ?? frames.length }));
  const single = frames.length > MAX_SINGLE_FRAMES ? [] : frames.map((_, at) => ({ start: at, end: at + 1 }));
  for (const { start, end } of [...sequences, ...single]) {
    for (const first of new Set([0, start > 0 ? (frames[start - 1] + 1) % pool : 0])) {
      if (frames[start] !== first) yield frames.toSpliced(start, end - start, ...plainFrames(first, end - start, pool));
    }
  }
}

/** Of a list with pages of areas: one of them alone, the pages of an area from page 0 on, and page 0 in place of one. */
function* ofAreaPages(frames: readonly FrameId[], position: number): Iterable<Change> {
  for (const area of areasOfFrames(frames)) {
    const inArea = (frame: FrameId): boolean => areaOfFrame(frame)?.area === area;
    const start = areaFrame(area, 0);
    const least = frames.filter(inArea).reduce((one, other) => Math.min(one, other)) - start;
    const lower = frames.map((frame) => (inArea(frame) ? frame - least : frame));
    if (least > 0) yield { kind: 'second', apply: replace(position, lower) };
    for (const [at, frame] of frames.slice(0, MAX_SINGLE_FRAMES).entries()) {
      if (!inArea(frame)) continue;
      if (frames.length > 1) yield { kind: 'second', apply: replace(position, [frame]) };
      if (frame !== start) yield { kind: 'second', apply: replace(position, frames.with(at, start)) };
    }
  }
}

function* ofFrames(frames: readonly FrameId[], position: number, pool: number): Iterable<Change> {
  if (frames.length > 1) yield { kind: 'sizes', apply: replace(position, [0]) };
  yield* ofAreaPages(frames, position);
  for (const start of [0, 1]) {
    const ragged = raggedness(frames, pool) > start;
    if (ragged) yield { kind: start === 0 ? 'frames' : 'second', apply: framesFrom(position, start, pool) };
  }
  // If the failure needs frames that are not in sequence, make each sequence plain by itself, and each frame.
  if (raggedness(frames, pool) < pool) return;
  for (const less of plainerSequences(frames, pool)) yield { kind: 'second', apply: replace(position, less) };
}

function* ofBytes(argument: Extract<GivenArgument, { type: 'bytes' }>, page: number): Iterable<Change> {
  const { value, position } = argument;
  const pages = pagesIn(argument, page);
  const least = (pages - 1) * page + 1;
  if (pages * page !== value) yield { kind: 'within', apply: replace(position, pages * page) };
  if (pages * page !== value && value !== 0 && value !== least)
    yield { kind: 'least', apply: replace(position, least) };
  if (pages > 1) yield { kind: 'sizes', apply: replace(position, page) };
}

/** What could be plainer about one argument. `page`: bytes; `pool`: frames in the pool. */
function* ofArgument(argument: GivenArgument, page: number, pool: number): Iterable<Change> {
  const { type, value, position, parameter } = argument;
  if (parameter.optional) yield { kind: 'optional', apply: replace(position, undefined) };
  switch (type) {
    case 'frame': {
      if (value !== 0) yield { kind: 'frames', apply: replace(position, 0) };
      if (value > 1) yield { kind: 'second', apply: replace(position, 1) };
      const of = areaOfFrame(value);
      if (of && of.page > 0) yield { kind: 'second', apply: replace(position, areaFrame(of.area, 0)) };
      return;
    }
    case 'frames':
      yield* ofFrames(value, position, pool);
      return;
    case 'area':
      if (value.offset !== 0) yield { kind: 'unknown', apply: replace(position, HOLE) };
      return;
    case 'address':
    case 'object': {
      const within = ((value.offset % page) + page) % page;
      if (within !== 0)
        yield { kind: 'within', apply: inAddress(position, (now) => ({ offset: Math.floor(now / page) * page })) };
      if (value.offset !== within) yield { kind: 'offsets', apply: inAddress(position, () => ({ offset: 0 })) };
      if (type === 'object' && value.index > 0)
        yield { kind: 'objects', apply: inAddress(position, () => ({ index: 0 })) };
      return;
    }
    case 'pages':
      if (!parameter.ofArea && value > 1) yield { kind: 'sizes', apply: replace(position, 1) };
      return;
    case 'bytes':
      yield* ofBytes(argument, page);
      return;
    case 'value':
      if (value !== 1) yield { kind: 'values', apply: replace(position, 1) };
      return;
    case 'choice':
      if (value !== parameter.choices![0]) yield { kind: 'choices', apply: replace(position, parameter.choices![0]) };
      return;
    case 'flags':
      if (value.length < 2) return;
      for (const flag of value)
        yield {
          kind: 'choices',
          apply: replace(
            position,
            value.filter((other) => other !== flag),
          ),
        };
      return;
    default:
      return;
  }
}

/** A change, and the position of the step that it changes. */
type Located = Change & { readonly at: number };

function changesOf({ steps, frames }: Program, { page }: Context): Located[] {
  return steps.flatMap((step, at): Located[] => {
    const changes = argumentsOf(step).flatMap((argument) => [...ofArgument(argument, page, frames)]);
    const toFirst: Change = { kind: 'cpu', apply: (now) => ({ ...now, cpu: 0 }) };
    return [...(step.cpu > 0 ? [toFirst] : []), ...changes].map((change) => ({ ...change, at }));
  });
}

/** The steps with ascending frames in every list, each list starting one frame later: plain, but different. */
function staggered({ steps, frames }: Program): Step[] {
  let start = 0;
  return steps.map((step) =>
    argumentsOf(step).reduce((made, { type, position }) => {
      if (type === 'frames') return framesFrom(position, start++, frames)(made);
      return type === 'frame' ? withArgument(made, position, start++) : made;
    }, step),
  );
}

function changed({ steps }: Program, changes: readonly Located[]): Step[] {
  const made = [...steps];
  for (const { at, apply } of changes) made[at] = apply(made[at]);
  return made;
}

/** Kinds that rarely matter to a failure: all of them are tried at once. */
const HARMLESS: readonly Kind[] = ['cpu', 'frames', 'within', 'values', 'objects'];
/** Kinds of which all changes are tried at once. */
const TOGETHER: readonly Kind[] = [...HARMLESS, 'offsets', 'sizes', 'optional'];

/** Sets of changes to try at once: all of these kinds, all harmless ones, all of each kind. */
function groupsOf(changes: readonly Located[]): Located[][] {
  const byKind = TOGETHER.map((kind) => changes.filter((change) => change.kind === kind));
  return [byKind.flat(), changes.filter(({ kind }) => HARMLESS.includes(kind)), ...byKind].filter(
    (group) => group.length > 1,
  );
}

/**
 * Makes arguments plain: CPU 0, frames from f0 on, offset 0, one page, nothing optional.
 *
 * Proposes: all changes at once, then kind by kind, then one by one.
 * Continues: after a group, from the start; after a single change (cursor size 1), with the single changes behind it.
 * Costs: one edit for each change that is possible, and one for each kind.
 */
export const plain: Pass = {
  name: 'plain',
  *edits(program, context, from) {
    const changes = changesOf(program, context);
    if (!from || from.size === 0) {
      for (const group of groupsOf(changes)) yield { steps: changed(program, group), next: START };
      yield { steps: staggered(program), next: START };
    }
    for (let at = from?.size === 1 ? from.at : 0; at < changes.length; at++) {
      yield { steps: changed(program, [changes[at]]), next: { at, size: 1 } };
    }
  },
};
