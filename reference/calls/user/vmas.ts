import type { Known } from '../../model/known.ts';
import type { KnownVma } from '../../model/known-space.ts';
import type { Model } from '../../model/model.ts';
import type { PageRange, Vma } from '../../model/user/vma.ts';
import { type Address, inVma } from '../../notation/address.ts';
import { areasOfFrames, type FrameId } from '../../notation/frame.ts';
import type { AnyArguments } from '../../notation/signature.ts';
import type { Choose, ParameterDescription, Step } from '../call.ts';
import { liesIn } from '../lies-in.ts';

/** What the calls on VMAs share. */

/**
 * The number of pages in an object. A private VMA that was remapped has frame numbers as indices. They are larger than
 * this, so it is known which ranges of an object hit such a VMA.
 */
export const OBJECT_PAGES = 4096;

/** A step whose first argument is a VMA. */
type VmaStep = Step<readonly [vma: Address, ...rest: AnyArguments]>;

/** What is known of the VMA that is the step's first argument; undefined if it is not live. */
export const knownVma = (known: Known, step: VmaStep): KnownVma | undefined => {
  const vma = known.vmas[step.args[0].index];
  return vma?.live ? vma : undefined;
};

/** The VMA that is the step's first argument. */
export const boundVma = (model: Model, step: VmaStep): Vma => model.user.named[step.args[0].index]!;

/** Why the step is undefined: its VMA is not live, or may be of another kind. Undefined if it is defined. */
export function needsVma(known: Known, step: VmaStep, kinds: number): string | undefined {
  const name = `v${step.args[0].index}`;
  const vma = knownVma(known, step);
  if (!vma) return `${name} is not a live VMA`;
  if (vma.cut) return `${name} is no longer whole`;
  return (vma.kinds & ~kinds) === 0 ? undefined : `${name} may be of a kind for which ${step.call.name} is undefined`;
}

/** Whether a VMA is certainly of one of the kinds. */
export const ofKinds =
  (kinds: number) =>
  (vma: KnownVma): boolean =>
    (vma.kinds & ~kinds) === 0;

/** The page of an address, counted from the start of a VMA; undefined if that is not known before the run. */
export function knownPage(known: Known, vma: KnownVma, address: Address): number | undefined {
  if (address.base !== 'v') return undefined;
  const based = known.vmas[address.index];
  if (!based || based.row !== vma.row) return undefined;
  return based.at + Math.floor(address.offset / known.page) - vma.at;
}

/** What is known after a call that may have filled `pages` pages of `vma` from `address` on: all of them or a part. */
export function predictFill(known: Known, vma: KnownVma, address: Address, pages: number): void {
  const page = knownPage(known, vma, address);
  if (page !== undefined) {
    if (liesIn(vma, page, pages)) vma.perhaps.fill(1, page, page + pages);
    return;
  }
  const other = known.vmas[address.index];
  const inside = other?.live && !other.cut && liesIn(other, address.offset / known.page, pages);
  // A VMA can lie where another one was, or right before it, so the address can be in any of its pages.
  if (!inside) vma.perhaps.fill(1);
}

/** Whether a range of `size` bytes is named relative to a VMA, and lies fully in it. */
export function namesRangeIn(known: Known, vma: KnownVma, { base, index, offset }: Address, size: number): boolean {
  return base === 'v' && index === vma.name && liesIn(vma, offset / known.page, size / known.page);
}

/**
 * The part of a range of pages that lies in a VMA; `to` is not above `from` if no page does. The range of a recorded trace
 * may go far beyond the VMA.
 */
export const partIn = (vma: Vma, from: number, pages: number): PageRange => ({
  from: Math.max(from, 0),
  to: Math.min(from + pages, vma.pages),
});

/** The page of an address, counted from the start of a VMA. It can lie outside the VMA. */
export function pageIn(model: Model, vma: Vma, address: Address): number {
  const start = model.user.named[address.index]!.start;
  return start + Math.floor(address.offset / model.page) - vma.start;
}

/** Why an address is not a page-aligned user address in or near a VMA; undefined if it is. */
export function needsUserPage(known: Known, address: Address): string | undefined {
  if (address.base !== 'v') return 'the address must be relative to a VMA (v0+0x1000)';
  if (address.offset % known.page !== 0) return 'the address must be page aligned';
  const vma = known.vmas[address.index];
  if (!vma) return `no earlier step binds v${address.index}`;
  const page = address.offset / known.page;
  return page >= -8 && page <= vma.pages + 8 ? undefined : 'the address must lie within 8 pages of its VMA';
}

/** An address, drawn by the call's own `draw`. */
export const ADDRESS = { name: 'addr', type: 'address' } as const satisfies ParameterDescription;
/** A size in bytes, drawn by the call's own `draw`. */
export const SIZE = { name: 'size', type: 'bytes' } as const satisfies ParameterDescription;

/** The pages of areas among some frames may have been mapped in a VMA. */
export function predictAreaPages(known: Known, vma: KnownVma, frames: FrameId | readonly FrameId[]): void {
  for (const area of areasOfFrames(frames)) known.mapInUser(known.areas[area]!, vma.name);
}

/** A call was asked to map some frames in a VMA: notes which areas some of them are pages of. */
export function noteAreaPages(model: Model, frames: FrameId | readonly FrameId[]): void {
  for (const area of areasOfFrames(frames)) model.kernel.named[area]!.inUser = true;
}

/** Draws a page of the VMA, sometimes one just outside it. */
export function drawNearPage(known: Known, drawn: readonly [vma: Address], choose: Choose): Address {
  const vma = known.vmas[drawn[0].index]!;
  const page = choose.chance(6) ? (choose.chance(50) ? -1 : vma.pages) : choose.below(vma.pages);
  return inVma(vma.name, page * known.page);
}

/** Draws a page inside the VMA. */
export function drawInsidePage(known: Known, drawn: readonly [vma: Address], choose: Choose): Address {
  const vma = known.vmas[drawn[0].index]!;
  return inVma(vma.name, choose.below(vma.pages) * known.page);
}

/** Draws a page of a live VMA that satisfies `which`; undefined if this attempt found none. */
export function drawLivePage(known: Known, choose: Choose, which: (vma: KnownVma) => boolean): Address | undefined {
  const { length } = known.liveVmas;
  const vma = length === 0 ? undefined : known.liveVmas[choose.below(length)];
  return vma && which(vma) ? inVma(vma.name, choose.below(vma.pages) * known.page) : undefined;
}

/** Draws the start of a range: mostly in the VMA, sometimes just before it or in another VMA. */
export function drawRangeStart(known: Known, drawn: readonly [vma: Address], choose: Choose): Address {
  let vma = known.vmas[drawn[0].index]!;
  if (choose.chance(10) && known.liveVmas.length > 0) vma = known.liveVmas[choose.below(known.liveVmas.length)];
  const page = choose.chance(5) ? -1 : choose.chance(40) ? 0 : choose.below(vma.pages);
  return inVma(vma.name, page * known.page);
}

/** Draws the length, in pages, of a range that starts at the argument before: mostly in the VMA, often up to its end. */
export function drawRangePages(known: Known, drawn: readonly [vma: Address, start: Address], choose: Choose): number {
  const start = drawn[1];
  return drawLength(known.vmas[start.index]!.pages - start.offset / known.page, choose);
}

/** The same in bytes. */
export const drawRangeSize: typeof drawRangePages = (known, drawn, choose) =>
  drawRangePages(known, drawn, choose) * known.page;

function drawLength(rest: number, choose: Choose): number {
  if (choose.chance(5)) return 0;
  if (choose.chance(10)) return rest + 1;
  if (choose.chance(35)) return rest;
  return 1 + choose.below(Math.max(rest, 1));
}
