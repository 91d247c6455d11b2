import type { Call, Step } from '../../../../reference/calls/call.ts';
import { inVma } from '../../../../reference/notation/address.ts';
import { type FrameId, isPoolFrame } from '../../../../reference/notation/frame.ts';
import type { Argument } from '../../../../reference/notation/signature.ts';
import { argumentsOf } from '../../arguments.ts';
import { type Edit, type Pass, START } from '../pass.ts';

/** A step about a range of pages of a VMA. */
interface Ranged {
  readonly at: number;
  readonly step: Step;
  readonly vma: number;
  readonly from: number;
  readonly to: number;
  /** The frames that it maps, if it lists them. */
  readonly frames: readonly FrameId[] | undefined;
}

/** A range is gathered from at least this many steps. */
const MIN_STEPS = 3;
const GATHERED: ReadonlySet<string> = new Set(['fills', 'empties']);

function rangedOf(step: Step, at: number, page: number): Ranged | undefined {
  if (!GATHERED.has(step.call.effect)) return undefined;
  const given = argumentsOf(step);
  const address = given.find(({ type }) => type === 'address');
  if (address?.type !== 'address' || address.value.base !== 'v') return undefined;
  const from = Math.floor(address.value.offset / page);
  let pages = 1;
  let frames: readonly FrameId[] | undefined;
  for (const { type, value } of given) {
    if (type === 'bytes') pages = Math.ceil(value / page);
    else if (type === 'frames') frames = value;
    else if (type === 'frame') frames = [value];
  }
  if (frames && frames.length > 1) pages = frames.length;
  return { at, step, vma: address.value.index, from, to: from + pages, frames };
}

/** One step of a call for a whole range; undefined if the call takes no range, or if frames are missing. */
function overAll(call: Call, ranged: readonly Ranged[], page: number): Step | undefined {
  const [{ step, vma }] = ranged;
  const from = Math.min(...ranged.map((one) => one.from));
  const to = Math.max(...ranged.map((one) => one.to));
  const frames: FrameId[] = [];
  for (const one of ranged) for (const [i, frame] of (one.frames ?? []).entries()) frames[one.from + i - from] = frame;
  let sized = false;
  const args: (Argument | undefined)[] = [];
  for (const { type, optional } of call.parameters) {
    if (type === 'vma') args.push(inVma(vma, 0));
    else if (type === 'address') args.push(inVma(vma, from * page));
    else if (type === 'bytes') args.push((to - from) * page);
    else if (type === 'frame') args.push(frames[0]);
    else if (type === 'frames') args.push(frames);
    else if (optional) args.push(undefined);
    else return undefined;
    sized ||= type === 'bytes' || type === 'frames';
  }
  const listed = call.parameters.some(({ type }) => type === 'frames');
  // A target that inserts pages of areas one by one may not take lists of them.
  if (listed && call !== step.call && !frames.every(isPoolFrame)) return undefined;
  if (!sized || (listed && (frames.length !== to - from || frames.includes(undefined as never)))) return undefined;
  return { ...step, call, args };
}

/**
 * Makes one step about a range of several steps about its parts. A count that many steps raise is raised by one step, too.
 *
 * Proposes: for at least three steps of one call that fill or empty parts of one VMA, one step for all of them in place of
 * the last one, then of the first one: of the same call, or of another one with the same effect that takes a range.
 * Continues: from the start.
 * Costs: two edits for each such group and each such call, and no edit for programs without such a group.
 */
export const gather: Pass = {
  name: 'gather',
  *edits({ steps }, { page, calls }): Iterable<Edit> {
    const groups = new Map<string, Ranged[]>();
    for (const [at, step] of steps.entries()) {
      const ranged = rangedOf(step, at, page);
      if (!ranged) continue;
      const key = `${step.cpu} ${step.call.name} ${ranged.vma}`;
      const group = groups.get(key);
      if (group) group.push(ranged);
      else groups.set(key, [ranged]);
    }
    for (const group of groups.values()) {
      if (group.length < MIN_STEPS) continue;
      const { call } = group[0].step;
      for (const other of [call, ...calls.filter((one) => one !== call && one.effect === call.effect)]) {
        const made = overAll(other, group, page);
        if (!made) continue;
        for (const place of [group[group.length - 1].at, group[0].at]) {
          const left = steps.map((step, at) =>
            at === place ? made : group.some((one) => one.at === at) ? undefined : step,
          );
          yield { steps: left, next: START };
        }
      }
    }
  },
};
