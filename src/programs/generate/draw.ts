import type { Step } from '../../../reference/calls/call.ts';
import { whyInvalid } from '../../../reference/calls/valid.ts';
import type { Known, KnownArea } from '../../../reference/model/known.ts';
import type { KnownVma } from '../../../reference/model/known-space.ts';
import {
  type Address,
  addressSpace,
  HOLE,
  inArea,
  inObject,
  inVma,
  NULL,
} from '../../../reference/notation/address.ts';
import { areaFrame, areaOfFrame, type FrameId } from '../../../reference/notation/frame.ts';
import type { AnyArguments, Argument } from '../../../reference/notation/signature.ts';
import { nearest } from '../../targets/support.ts';
import { inSpace } from '../arguments.ts';
import { drawAnyAddress, drawAreaAddress, drawLive, drawPrivateAddress, drawVmaAddress } from './address.ts';
import type { Focus } from './focus.ts';
import { type Cursor, drawFrames } from './frames.ts';
import type { Mix } from './mix.ts';
import type { Options } from './options.ts';
import type { Random } from './random.ts';
import type { Plan, Slot } from './repertoire.ts';

/** What drawing an argument needs from the walk. */
export interface Drawing {
  readonly options: Options;
  readonly random: Random;
  readonly mix: Mix;
  readonly known: Known;
  readonly focus: Focus;
  readonly cursor: Cursor;
  /** Pages of each area in a burst, otherwise 0. */
  readonly size: number;
  /** The address of the next looks, while a change is being looked at. */
  readonly target: Address | undefined;
  /** The address space in which they look; -1: the first one. */
  readonly targetSpace: number;
}

/** Percentage of areas to unmap that are NULL or an unknown address, and of addresses in the middle of an area. */
const UNKNOWN_AREA_PERCENT = 1;
/** Percentage of sizes that are 0. */
const ZERO_SIZE_PERCENT = 2;
/** Percentage of arguments that revisit the address of the current look. */
const SAME_TARGET_PERCENT = 85;

/** Percentage of areas to free that must be mapped in a VMA, where such an area exists. */
const IN_USER_PERCENT = 50;

/** A random live area that is mapped in a live VMA; undefined if no such area exists, or if any other area will do. */
function drawInUser({ known, random }: Drawing): KnownArea | undefined {
  if (known.inUser.length === 0 || !random.chance(IN_USER_PERCENT)) return undefined;
  const mapped = known.inUser.filter((area) => area.live && known.vmas[area.mappedIn]?.live);
  return mapped.length > 0 ? random.of(mapped) : undefined;
}

function drawArea(walk: Drawing, parameter: Slot): Address | undefined {
  const { random, known } = walk;
  if (random.chance(UNKNOWN_AREA_PERCENT)) return random.chance(50) ? HOLE : NULL;
  const origins = parameter.origins;
  const shared = origins?.includes('vmalloc') ? drawInUser(walk) : undefined;
  if (shared) return inArea(shared.name, 0);
  const seen = origins && random.chance(50) ? walk.focus.area(known.areas, origins, random) : undefined;
  const area = seen ?? drawLive(random, known, origins);
  if (!area) return undefined;
  const { unmap_interior: interior } = known.traits;
  const within = area.pages > 1 && interior !== 'undefined' && !parameter.ofArea && random.chance(UNKNOWN_AREA_PERCENT);
  return inArea(area.name, within ? (1 + random.below(area.pages - 1)) * known.page : 0);
}

function drawVma(walk: Drawing, { which }: Slot): Address | undefined {
  const { random, known } = walk;
  const { length } = known.liveVmas;
  if (length === 0) return undefined;
  const first = random.below(length);
  let vma: KnownVma;
  for (let n = 0; n < length; n++) {
    vma = known.liveVmas[(first + n) % length];
    if (!which || which(vma, known)) return inVma(vma.name, 0);
  }
  return undefined;
}

function drawAddress(walk: Drawing, { where }: Slot): Address | undefined {
  const { random, known } = walk;
  if (where === 'private') return drawPrivateAddress(random, known);
  if (random.chance(walk.target ? SAME_TARGET_PERCENT : walk.mix.revisitPercent)) {
    const seen = walk.target ?? walk.focus.any(random);
    const fits = where === 'area' ? seen?.base === 'a' : where === 'vma' ? seen?.base === 'v' : true;
    if (seen && fits) return seen;
  }
  const drawn =
    where === 'area'
      ? drawAreaAddress(random, known)
      : where === 'vma'
        ? drawVmaAddress(random, known)
        : drawAnyAddress(random, known);
  if (drawn && (drawn.base === 'a' || drawn.base === 'v')) walk.focus.add(drawn);
  return drawn;
}

/** Pages of a kernel area: one of the program's sizes, the same size within a burst, rarely 0. */
function drawSize(walk: Drawing): number {
  const { random, mix } = walk;
  if (walk.size > 0) return walk.size;
  if (random.chance(ZERO_SIZE_PERCENT)) return 0;
  return mix.sizes.length === 1 ? mix.sizes[0] : random.of(mix.sizes);
}

/** The length of a list of frames: as the call draws it, or the pages of a kernel area. */
function drawListLength(walk: Drawing, { length }: Slot, drawn: AnyArguments): number {
  if (!length) return drawSize(walk);
  return Math.min(length(walk.known, drawn, walk.random) ?? 0, walk.options.pages);
}

function drawBytes(walk: Drawing): number {
  const { random } = walk;
  const { page } = walk.options;
  const whole = drawSize(walk) * page;
  if (whole === 0 || random.chance(70)) return whole;
  return whole - (random.chance(50) ? page - 1 : random.chance(50) ? 1 : random.below(page));
}

function drawPages(walk: Drawing, parameter: Slot, before: Argument | undefined): number | undefined {
  if (!parameter.ofArea) return walk.random.of(walk.mix.vmaSizes);
  const { base, index } = (before ?? {}) as Partial<Address>;
  const area = base === 'a' ? walk.known.areas[index!] : undefined;
  return area && parameter.ofArea(area);
}

function drawFlags(walk: Drawing, choices: readonly string[]): readonly string[] | undefined {
  if (choices.length === 1) return choices;
  const flags = choices.filter(() => walk.random.chance(50));
  return flags.length > 0 ? flags.sort() : undefined;
}

/** Percentage of frames that are pages of an area, where they may be, and where an area of vmalloc is live. */
const AREA_PAGE_PERCENT = 25;

/** A random page of a live area of vmalloc; undefined if there is no such area, or if a frame of the pool will do. */
function drawAreaPage({ random, known }: Drawing): FrameId | undefined {
  const areas = known.live.vmalloc;
  if (areas.length === 0 || !random.chance(AREA_PAGE_PERCENT)) return undefined;
  const { name, pages } = random.of(areas);
  return pages > 0 ? areaFrame(name, random.below(pages)) : undefined;
}

/** A list of frames, some of which may be consecutive pages of a live area of vmalloc, where the list may have such pages. */
function drawList(walk: Drawing, parameter: Slot, drawn: AnyArguments): readonly FrameId[] {
  const { random, mix } = walk;
  const frames = drawFrames(random, drawListLength(walk, parameter, drawn), mix.frames, mix.style, walk.cursor);
  const start = parameter.areaPages && frames.length > 0 ? drawAreaPage(walk) : undefined;
  const of = start === undefined ? undefined : areaOfFrame(start);
  if (!of) return frames;
  const at = random.below(frames.length);
  const pages = random.upTo(Math.min(frames.length - at, walk.known.areas[of.area]!.pages - of.page));
  return frames.map((frame, i) => (i >= at && i < at + pages ? start! + i - at : frame));
}

/** Draws a value of the parameter's type for an argument at a position; undefined if there is no valid one now. */
function drawOfType(walk: Drawing, parameter: Slot, drawn: AnyArguments, position: number): Argument | undefined {
  const { random, mix } = walk;
  switch (parameter.type) {
    case 'frame':
      return (
        (parameter.areaPages ? drawAreaPage(walk) : undefined) ?? mix.frames.first + random.below(mix.frames.count)
      );
    case 'frames':
      return drawList(walk, parameter, drawn);
    case 'area':
      return drawArea(walk, parameter);
    case 'vma':
      return drawVma(walk, parameter);
    case 'space':
      return walk.known.child < 0 ? undefined : addressSpace(walk.known.child);
    case 'object':
      return inObject(random.upTo(3) - 1, random.chance(70) ? 0 : random.below(6) * walk.options.page);
    case 'address':
      return drawAddress(walk, parameter);
    case 'pages':
      return drawPages(walk, parameter, drawn[position - 1]);
    case 'bytes':
      return drawBytes(walk);
    case 'value':
      return random.upTo(9);
    case 'choice':
      return random.of(parameter.choices!);
    case 'flags':
      return drawFlags(walk, parameter.choices!);
  }
}

const NO_ARGUMENTS: (Argument | undefined)[] = [];

/** A list for this many arguments. It takes as little memory as it can: `push` makes room for many more arguments. */
function roomFor(count: number): (Argument | undefined)[] {
  switch (count) {
    case 1:
      return [undefined];
    case 2:
      return [undefined, undefined];
    case 3:
      return [undefined, undefined, undefined];
    case 4:
      return [undefined, undefined, undefined, undefined];
    case 5:
      return [undefined, undefined, undefined, undefined, undefined];
    default:
      return new Array<Argument | undefined>(count).fill(undefined);
  }
}

/** Percentage of steps that run in the address space of a child, where there is one. */
const IN_CHILD_PERCENT = 40;
/** Percentage of looks that are made in the address space of what was changed. */
const LOOK_THERE_PERCENT = 80;

/** The address space for the next step of a call; -1: the first one. */
function drawSpace({ known, random, target, targetSpace }: Drawing, { call, support }: Plan): number {
  if (known.child < 0 || call.inAt < 0 || support?.without.has(call.inAt)) return -1;
  if (target !== undefined && random.chance(LOOK_THERE_PERCENT)) return targetSpace === known.child ? targetSpace : -1;
  return random.chance(IN_CHILD_PERCENT) ? known.child : -1;
}

/** Draws a step of the call on the CPU that is valid in every known state; undefined if this attempt found none. */
export function drawStep(walk: Drawing, plan: Plan, cpu: number): Step | undefined {
  const space = drawSpace(walk, plan);
  if (space < 0) return drawStepHere(walk, plan, cpu);
  walk.known.enter(space);
  const here = drawStepHere(walk, plan, cpu);
  walk.known.enter(-1);
  const step = here && inSpace(here, space);
  return step && whyInvalid(walk.known, step) === undefined ? step : undefined;
}

/** Draws a step for the address space that was entered. */
function drawStepHere(walk: Drawing, plan: Plan, cpu: number): Step | undefined {
  const { random, known } = walk;
  const { call, slots, undefinedHere, support } = plan;
  const { length } = call.parameters;
  const drawn = length === 0 ? NO_ARGUMENTS : roomFor(length);
  for (let i = 0; i < slots.length; i++) {
    const parameter = slots[i];
    let value: Argument | undefined;
    if (!parameter.optional || random.chance(parameter.often ?? 0)) {
      value = parameter.draw ? parameter.draw(known, drawn, random) : drawOfType(walk, parameter, drawn, i);
      if (value === undefined && !parameter.optional) return undefined;
    }
    drawn[i] = value;
  }
  const args = support === undefined ? drawn : nearest(support, call, drawn, walk.options.frames, walk.options.page);
  const binds = plan.binds === undefined ? -1 : known.nextName(plan.binds);
  const step: Step = { cpu, call, binds, args };
  if (undefinedHere !== undefined && undefinedHere(known, step) !== undefined) return undefined;
  if (!walk.options.warns && plan.warns?.(step)) return undefined;
  return step;
}
