import type { Known } from '../model/known.ts';
import type { Address } from '../notation/address.ts';
import { areaOfFrame, type FrameId, printFrame } from '../notation/frame.ts';
import type { Program as AnyProgram } from '../notation/program.ts';
import type { Traits } from '../profiles/traits.ts';
import { areasOfPages } from './area-pages.ts';
import type { Call, Parameter, Step } from './call.ts';
import { namedSpace, runsIn } from './spaces.ts';

/**
 * A list of calls of the contract, each on a CPU. Plain data: it prints, compares and travels as text.
 *
 * @example
 * ```ts
 * import { parse, printSteps, type Program } from 'mmspec';
 *
 * const program: Program = parse('mmspec program 1\ncpus 2\nframes 64\n@0 a0 = vmap f0\n@1 read a0\n').entries[0].trace.program;
 * console.log(program.cpus, program.frames, program.steps.length); // 2 64 2
 * console.log(printSteps(program));
 * ```
 */
export type Program = AnyProgram<Call>;

/** Whether the pool of the program has a frame. A program that was not parsed can name any number. */
const inPool = ({ frames }: Known, frame: FrameId): boolean => frame >= 0 && frame < frames;

/** Why an argument beyond the frames of the pool is not valid; undefined if it is a page of a live area. */
function whyNoFrame(known: Known, { areaPages }: Parameter, frame: FrameId): string | undefined {
  const of = areaPages ? areaOfFrame(frame) : undefined;
  if (!of) return `there is no frame ${printFrame(frame)}: the program has ${known.frames}`;
  const area = known.areas[of.area];
  if (!area) return `no earlier step binds a${of.area}`;
  if (area.origin !== 'vmalloc') return `a${of.area} has no pages of its own: it maps frames of the pool`;
  if (!area.live) return `a${of.area} is already unmapped`;
  return of.page < area.pages ? undefined : `a${of.area} has no page ${of.page}: it has ${area.pages}`;
}

/** Why a step cannot name an address space, or bind its name; undefined if it can. */
function whyNoSpace(known: Known, step: Step): string | undefined {
  if (step.call.binds === 'm' && known.spaces[step.binds]) return `an earlier step already binds m${step.binds}`;
  const space = namedSpace(step);
  if (space < 0 || space === known.child) return undefined;
  return known.spaces[space] ? `the child with address space m${space} has ended` : `no earlier step binds m${space}`;
}

/** Why the step is not valid after what is `known`; undefined if it is valid. */
export function whyInvalid(known: Known, step: Step): string | undefined {
  const why = step.call.spaceAt >= 0 || step.call.binds === 'm' ? whyNoSpace(known, step) : undefined;
  if (why !== undefined) return why;
  known.enter(runsIn(step));
  const whyHere = whyInvalidHere(known, step);
  known.enter(-1);
  return whyHere;
}

/** Updates what is known by what the step may do. */
export function predictStep(known: Known, step: Step): void {
  const { predict, effect } = step.call;
  if (effect === 'copies') markCopied(known, step);
  if (predict === undefined) return;
  known.enter(runsIn(step));
  predict(known, step);
  known.enter(-1);
}

/** The step may make a private copy of a page. */
function markCopied(known: Known, step: Step): void {
  const address = step.args[step.call.naming[0]] as Address | undefined;
  const vma = address?.base === 'v' ? known.vmas[address.index] : undefined;
  if (vma) vma.copied = true;
}

/** Why the step is not valid in the address space that was entered, which is its own; undefined if it is valid. */
function whyInvalidHere(known: Known, step: Step): string | undefined {
  if (step.cpu >= known.cpus) return `there is no CPU ${step.cpu}: the program has ${known.cpus}`;
  if (step.call.binds === 'a' && known.areas[step.binds]) return `an earlier step already binds a${step.binds}`;
  if (step.call.binds === 'v' && known.vmas[step.binds]) return `an earlier step already binds v${step.binds}`;
  for (const at of step.call.naming) {
    const address = step.args[at] as Address | undefined;
    if (address?.base === 'a' && !known.areas[address.index]) return `no earlier step binds a${address.index}`;
    if (address?.base === 'v' && !known.vmas[address.index]) return `no earlier step binds v${address.index}`;
  }
  for (let i = 0; i < step.call.parameters.length; i++) {
    const parameter = step.call.parameters[i];
    const { type } = parameter;
    if (type === 'frame' && step.args[i] !== undefined && !inPool(known, step.args[i] as FrameId)) {
      const why = whyNoFrame(known, parameter, step.args[i] as FrameId);
      if (why !== undefined) return why;
    }
    if (type === 'frames')
      for (const frame of step.args[i] as readonly FrameId[]) {
        const why = inPool(known, frame) ? undefined : whyNoFrame(known, parameter, frame);
        if (why !== undefined) return why;
      }
  }
  return step.call.undefinedHere?.(known, step);
}

/** Why a program is not valid. */
export interface Invalid {
  readonly step: number;
  readonly why: string;
}

/** An area or VMA that a step of a parallel block uses, by name. `own`: no other lane may use it. */
interface Claim {
  readonly name: string;
  readonly own: boolean;
}

/** What a step of a parallel block uses. */
export function claims(known: Known, step: Step): readonly Claim[] {
  const found: Claim[] = [];
  const kind = step.call.claims;
  const own = (typeof kind === 'function' ? kind(known, step) : kind) === 'own';
  if (step.binds >= 0) found.push({ name: `${step.call.binds}${step.binds}`, own: true });
  for (const at of step.call.naming) {
    const { type } = step.call.parameters[at];
    const address = step.args[at] as Address | undefined;
    if (address && (type !== 'address' || kind !== undefined) && (address.base === 'a' || address.base === 'v')) {
      found.push({ name: `${address.base}${address.index}`, own });
    }
  }
  for (const area of areasOfPages(step)) found.push({ name: `a${area}`, own });
  return found;
}

/**
 * Checks the lanes of a block one by one, because a lane must be valid no matter how far the others have got.
 * @param lanes receives what each lane knows at its end, by CPU.
 */
function findInvalidLane(
  steps: readonly Step[],
  start: number,
  end: number,
  known: Known,
  lanes: Map<number, Known>,
): Invalid | undefined {
  const holders = new Map<string, { cpu: number; own: boolean }[]>();
  for (let index = start; index < end; index++) {
    const step = steps[index];
    let lane = lanes.get(step.cpu);
    if (!lane) lanes.set(step.cpu, (lane = known.copy()));
    const alone = cannotOverlap(step, known.traits);
    if (alone !== undefined) return { step: index, why: alone };
    const why = whyInvalid(lane, step);
    if (why !== undefined) return { step: index, why: `${why} (a lane must not depend on what other lanes do)` };
    for (const { name, own } of claims(lane, step)) {
      const held = holders.get(name) ?? [];
      const other = held.find((one) => one.cpu !== step.cpu && (one.own || own));
      if (other) return { step: index, why: `the lane of CPU ${other.cpu} uses ${name} at the same time` };
      held.push({ cpu: step.cpu, own });
      holders.set(name, held);
    }
    predictStep(lane, step);
  }
  return undefined;
}

/**
 * Updates what is known by a whole block. A page may be mapped afterwards if any lane leaves it mapped: the others may
 * have emptied it before that lane filled it.
 * @param lanes what each lane knows at its end, from its own steps alone.
 */
export function predictBlock(
  steps: readonly Step[],
  start: number,
  end: number,
  known: Known,
  lanes: Iterable<Known>,
): void {
  for (let index = start; index < end; index++) predictStep(known, steps[index]);
  for (const lane of lanes) {
    for (const vma of known.liveVmas) {
      const left = lane.vmas[vma.name];
      if (left) for (let page = 0; page < vma.pages; page++) vma.perhaps[page] |= left.perhaps[page];
    }
  }
}

/**
 * The first invalid step of a program: one that is undefined in some state that the contract allows there.
 * @param known what is known before the program: traits, CPUs, frames and page size (bytes). It is changed.
 * @returns undefined where the whole program is valid.
 *
 * @example
 * ```ts
 * import { DOCUMENTED, findInvalid, Known, parse } from 'mmspec';
 *
 * const { program } = parse('mmspec program 1\n@0 a0 = vmap f0\n@0 vunmap a0\n@0 vunmap a0\n').entries[0].trace;
 * const known = new Known(DOCUMENTED, program.cpus, program.frames, 4096);
 * console.log(findInvalid(program, known)); // { step: 2, why: 'a0 is already unmapped' }
 * ```
 */
export function findInvalid(program: Program, known: Known): Invalid | undefined {
  const { steps, blocks } = program;
  let block = 0;
  for (let index = 0; index < steps.length; index++) {
    if (blocks[block]?.start === index) {
      const { start, end } = blocks[block++];
      const lanes = new Map<number, Known>();
      const invalid = findInvalidLane(steps, start, end, known, lanes);
      if (invalid) return invalid;
      predictBlock(steps, start, end, known, lanes.values());
      index = end - 1;
      continue;
    }
    const why = whyInvalid(known, steps[index]);
    if (why !== undefined) return { step: index, why };
    predictStep(known, steps[index]);
  }
  return undefined;
}

/** Why a step must not stand in a parallel block under some traits; undefined if it may. */
export function cannotOverlap(step: Step, traits: Traits): string | undefined {
  const { name, sequential, standsAlone } = step.call;
  if (sequential) return `${name} must stand outside parallel blocks`;
  if (runsIn(step) >= 0) return 'a step in the address space of a child must stand outside parallel blocks';
  return standsAlone?.(step, traits) ? `this ${name} must stand outside parallel blocks` : undefined;
}
