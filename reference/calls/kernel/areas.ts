import type { Clause } from '../../clauses/clause.ts';
import { EMPTY, FAILURE } from '../../clauses/common.ts';
import { asksForMuch } from '../../model/asked.ts';
import type { Known, KnownArea, Origin } from '../../model/known.ts';
import type { Model } from '../../model/model.ts';
import type { Mapping, Removal } from '../../model/promises.ts';
import type { Address } from '../../notation/address.ts';
import { areaFrame, type FrameId } from '../../notation/frame.ts';
import type { Outcome } from '../../notation/outcome.ts';
import type { AnyArguments } from '../../notation/signature.ts';
import type { Traits } from '../../profiles/traits.ts';
import type { Choose, ParameterDescription, Step } from '../call.ts';

/** What the calls that map and unmap kernel areas share. */

/** The frames to map. */
export const PAGES = { name: 'pages', type: 'frames' } as const satisfies ParameterDescription;

/** A step whose first argument is a list of frames. */
type FramesStep = Step<readonly [pages: readonly FrameId[], ...rest: AnyArguments]>;
/** A step whose only argument is a size in bytes. */
export type SizeStep = Step<readonly [size: number]>;
/** A step whose first argument is an area. */
type AreaStep = Step<readonly [area: Address, ...rest: AnyArguments]>;

/**
 * Judges the return of `vmap` or `vm_map_ram`. `zero`: the clause about no frames at all. `counts`: the clause about the
 * counts of the frames. A NULL return leaves everything as it was.
 */
export function endMap(
  model: Model,
  step: FramesStep,
  outcome: Outcome,
  mapping: Mapping,
  zero: Clause,
  counts: Clause,
): void {
  const frames = step.args[0];
  if (frames.length === 0) return model.expect(zero, outcome.kind === 'null', () => 'null');
  if (outcome.kind === 'null') {
    for (const frame of frames) model.count(frame, 0, 0, FAILURE);
    return;
  }
  const references = mapping.origin === 'put' ? 1 : 0;
  for (const frame of frames) model.count(frame, references, 0, counts);
  model.kernel.map(step.binds, outcome, frames, mapping);
}

/** Judges the return of a mapping call of size 0, where it returns an address. */
export function endEmpty(model: Model, step: Step, outcome: Outcome, mapping: Mapping): void {
  const held = outcome.kind === 'address' || asksForMuch(model, 'kernel') || model.mayLackMemory();
  model.expect(EMPTY, held, () => 'an address');
  if (outcome.kind === 'address') model.kernel.map(step.binds, outcome, [], mapping);
}

/** What is known after a mapping call of size 0: it used up a name, and may have bound it. */
export function predictEmpty(known: Known, binds: number, origin: Origin): void {
  if (known.traits.zero_vmap === 'address') known.map(binds, origin, [], 0);
  else known.reserve(binds, origin);
}

/** Whether `vmap` or `vm_map_ram` failed because it got no memory, and not because a frame is mapped already. */
export function failedToMap(model: Model, { args: [frames] }: FramesStep, outcome: Outcome): boolean {
  if (outcome.kind !== 'null' || frames.length === 0) return false;
  if (model.traits.alias !== 'refused') return true;
  const mayAlias =
    model.overlapping ||
    new Set(frames).size < frames.length ||
    model.kernel.named.some((life) => life?.frames.some((frame) => frames.includes(frame)));
  return !mayAlias;
}

/** In a parallel block: a mapping call was called. */
export function beginMap(
  model: Model,
  { binds }: Step,
  outcome: Outcome,
  frames: readonly FrameId[],
  mapping: Mapping,
): void {
  const addressed = outcome.kind === 'address' && outcome.extra === 0;
  if (addressed && frames.length > 0) model.kernel.beginMap(binds, outcome, frames, mapping);
}

/** The number of the area that an unmapping step unmaps, or -1 if it has no effect. */
const unmapped = (traits: Traits, { base, index, offset }: Address): number =>
  base === 'a' && (offset === 0 || traits.unmap_interior === 'whole') ? index : -1;

/** Updates the known areas after an unmapping step. */
export const predictUnmap = (known: Known, step: AreaStep): void => known.unmap(unmapped(known.traits, step.args[0]));

/**
 * An implementation may warn about an address that no mapping call returned, if it ignores the call: Linux looks for an
 * area that starts there, and warns if none does (mm/vmalloc.c, remove_vm_area() and its callers).
 */
export const warnsOfUnmap = ({ args }: AreaStep, traits?: Traits): boolean => {
  const { base, offset } = args[0];
  return base === 'hole' || (base === 'a' && offset !== 0 && traits?.unmap_interior !== 'whole');
};

/** In a parallel block: an unmapping call was called. */
export function beginUnmap(model: Model, step: AreaStep): void {
  const area = unmapped(model.traits, step.args[0]);
  if (area >= 0) model.kernel.beginUnmap(area);
}

/** The largest allocation, in pages. The kit keeps track of every page, so it needs a limit. */
export const MAX_ALLOCATION = 65536;

/**
 * The size of an allocation in pages. `page`: the page size in bytes. Only a recorded trace can exceed the limit. Its
 * further pages are not followed.
 */
export const pagesOfSize = ({ args: [size] }: SizeStep, page: number): number => pagesOf(size, page);

/** The same for a size in bytes. */
export const pagesOf = (size: number, page: number): number => Math.min(MAX_ALLOCATION, Math.ceil(size / page));

/**
 * Lists of the pages of areas that were asked for, by length and name: most programs have the same names and lengths. There
 * are few lengths, so this is quicker than a map of all lists.
 */
let lists = new Map<number, (readonly FrameId[])[]>();
/** Pages in `lists`, and how many may be there. */
let listedPages = 0;
const MAX_LISTED_PAGES = 1 << 18;

/** The pages that a step of `vmalloc` or `vzalloc` allocates. `page`: the page size in bytes. */
export function allocatedFrames(step: SizeStep, page: number): readonly FrameId[] {
  return framesOfArea(step.binds, pagesOfSize(step, page));
}

/** The pages that are allocated for an area. */
export function framesOfArea(area: number, pages: number): readonly FrameId[] {
  const known = lists.get(pages)?.[area];
  if (known) return known;
  const frames = new Array<FrameId>(pages);
  for (let i = 0; i < pages; i++) frames[i] = areaFrame(area, i);
  if (listedPages > MAX_LISTED_PAGES) {
    lists = new Map();
    listedPages = 0;
  }
  let ofLength = lists.get(pages);
  if (!ofLength) lists.set(pages, (ofLength = []));
  ofLength[area] = frames;
  listedPages += pages;
  return frames;
}

/** Judges the return of an unmapping call. `unknown`: the clause about addresses that are not of an area. */
export function endUnmap(model: Model, step: AreaStep, removal: Removal, unknown: Clause): void {
  const area = unmapped(model.traits, step.args[0]);
  if (area < 0) return model.kernel.keep(unknown);
  const life = model.kernel.named[area]!;
  const references = life.origin === 'put' ? -1 : 0;
  if (life.origin !== 'vmalloc') for (const frame of life.frames) model.count(frame, references, 0, removal.counts);
  model.kernel.unmap(area, removal);
}

/** The call that made an area, by the area's origin. */
const MAKERS: Readonly<Record<Origin, string>> = {
  vmap: 'vmap',
  put: 'vmap with put_pages',
  ram: 'vm_map_ram',
  vmalloc: 'vmalloc or vzalloc',
  sparse: 'get_vm_area',
};

/**
 * Why a call that unmaps or changes the whole of `area` is undefined here; undefined if it is defined.
 * @param origins the areas that the call is for.
 * @param strays it may also be given NULL, unknown addresses and addresses inside an area, where the traits allow that.
 * @param unknown what the call does with an unknown address.
 */
export function cannotUnmap(
  known: Known,
  area: Address,
  origins: readonly Origin[],
  strays: boolean,
  unknown = known.traits.unmap_unknown,
): string | undefined {
  if (area.base === 'null') {
    return strays && known.traits.unmap_null === 'ignored' ? undefined : 'the call is undefined here for NULL';
  }
  if (area.base === 'hole') {
    return strays && unknown === 'ignored' ? undefined : 'the call is undefined here for an unknown address';
  }
  const given = known.areas[area.index];
  if (!given) return `no earlier step binds a${area.index}`;
  if (!given.live) return `a${area.index} is already unmapped`;
  if (!origins.includes(given.origin)) {
    const makers = origins.map((origin) => MAKERS[origin]).join(' or ');
    return `a${area.index} was made by ${MAKERS[given.origin]}, and this call is for areas of ${makers}`;
  }
  if (area.offset === 0) return undefined;
  if (!strays || known.traits.unmap_interior === 'undefined') return 'an area must be given by its first address';
  if (area.offset < 0 || area.offset >= given.pages * known.page || area.offset % known.page !== 0)
    return `the address must be page aligned and inside a${area.index}`;
  return undefined;
}

/** Why a look-up of an area is undefined here because a permanent map has its only page; undefined if none has. */
export const undefinedPermanent = ({ traits }: Known, { name, origin, pages }: KnownArea): string | undefined =>
  origin !== 'vmalloc' && origin !== 'sparse' && pages === 1 && traits.single_page === 'permanent'
    ? `a${name} is a single page, which lies outside the window here`
    : undefined;

/** Why a look-up of an address in the page tables is undefined here; undefined if it is defined. */
export function undefinedLookup(known: Known, step: Step<readonly [address: Address]>): string | undefined {
  const { base, index, offset } = step.args[0];
  const area = base === 'a' ? known.areas[index] : undefined;
  if (!area) return 'the address must be relative to an area (a0+0x1000)';
  const why = undefinedPermanent(known, area);
  if (why) return why;
  // A name that was never bound is harmless, but this one has an address, and no guard page behind it.
  if (area.pages === 0 && known.traits.zero_vmap === 'address') return `a${index} has no pages`;
  const guarded = area.origin !== 'ram' && known.traits.guard === 'trailing';
  const end = (area.pages + (guarded ? 1 : 0)) * known.page;
  return offset >= 0 && offset < end
    ? undefined
    : `the address must lie in [a${index}, a${index}+0x${end.toString(16)})`;
}

/** From how many of the latest areas a look-up is drawn. */
const LATEST_AREAS = 16;

/** Draws one of the latest areas, live or unmapped; undefined if this attempt found none. */
export function drawLatestArea({ areas }: Known, choose: Choose): KnownArea | undefined {
  const { length } = areas;
  return length === 0 ? undefined : areas[length - 1 - choose.below(Math.min(LATEST_AREAS, length))];
}
