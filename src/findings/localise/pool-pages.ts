import type { Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import { LEAKS } from '../../../reference/clauses/common.ts';
import { VOCABULARY } from '../../../reference/contract.ts';
import type { Known } from '../../../reference/model/known.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { areaFrame, areaOfFrame, type FrameId } from '../../../reference/notation/frame.ts';
import { printSteps } from '../../../reference/notation/print.ts';
import { mapFrames } from '../../programs/arguments.ts';
import type { Judged } from '../execution.ts';
import { firstWrong, knownAfter, type LocaliseOptions } from './first-wrong.ts';
import { framesOf } from './observations.ts';

/**
 * Frames of the pool in the place of the pages of an area that a VMA maps. No call shows the references of a page of an
 * area, so that a wrong count shows only once the page is freed too early or never. The counts of a frame of the pool show
 * at any time.
 */

/** A function that names a frame of the pool for each page of an area; one that does not exist once all are named. */
function standIns({ steps, frames }: Program): (page: FrameId) => FrameId {
  const named = new Set(framesOf(steps));
  const free = Array.from({ length: frames }, (_, frame) => frame).filter((frame) => !named.has(frame));
  const chosen = new Map<FrameId, FrameId>();
  return (page) => {
    const frame = chosen.get(page) ?? free.shift() ?? frames;
    chosen.set(page, frame);
    return frame;
  };
}

/** `remap_vmalloc_range` as the call that maps frames of the pool instead, in a VMA that is `known`. */
function mapsFromPool({ args, ...step }: Step, known: Known, standIn: (page: FrameId) => FrameId): Step {
  const [vma, area, pageOffset, ...space] = args as readonly [Address, Address, number, ...Step['args']];
  const pages = known.vmas[vma.index]?.pages ?? 0;
  const frames = Array.from({ length: pages }, (_, page) => standIn(areaFrame(area.index, pageOffset + page)));
  return { ...step, call: VOCABULARY.get('vm_map_pages')!, args: [vma, frames, ...space] };
}

/** A step that names pages of areas, with frames of the pool in their place. */
const namesFromPool = (step: Step, standIn: (page: FrameId) => FrameId): Step =>
  mapFrames(step, (frame) => (areaOfFrame(frame) ? standIn(frame) : frame));

/** The program with frames of the pool in the place of pages of areas; undefined if it cannot be made. */
export function withPoolPages(program: Program, options: Omit<LocaliseOptions, 'run'>): Program | undefined {
  const known = knownAfter(program, options);
  if (!known) return undefined;
  const standIn = standIns(program);
  const steps = program.steps.map((step) =>
    step.call.name === 'remap_vmalloc_range' ? mapsFromPool(step, known, standIn) : namesFromPool(step, standIn),
  );
  const changed = { ...program, steps };
  const defined = knownAfter(changed, options) !== undefined;
  return defined && steps.every(({ call }) => options.manifest.calls.has(call.name)) ? changed : undefined;
}

/**
 * Finds the culprit of a leak that concerns a page of an area: maps frames of the pool instead, and observes their counts
 * after each step.
 * @returns a failing program that breaks a clause about more than the leak, as it ran; undefined if no such program fails.
 */
export async function localiseInPool(
  { trace, violation }: Judged,
  options: LocaliseOptions,
): Promise<Judged | undefined> {
  if (violation?.clause !== LEAKS) return undefined;
  const program = withPoolPages(trace.program, options);
  if (!program || printSteps(program) === printSteps(trace.program)) return undefined;
  const found = await firstWrong({ program }, options);
  return found?.violation?.clause === LEAKS ? undefined : found;
}
