import type { Known, KnownVma } from '../../model/known.ts';
import type { Model } from '../../model/model.ts';
import type { Vma } from '../../model/user/vma.ts';
import { type Address, inVma } from '../../notation/address.ts';
import type { AnyArguments } from '../../notation/signature.ts';
import type { Choose, ParameterDescription, Step } from '../call.ts';

/** What the calls on VMAs have in common. */

/**
 * Pages of an object. Frame numbers, which stand in for indices where a private VMA was remapped, are larger: so it is
 * known which ranges of an object hit such a VMA.
 */
export const OBJECT_PAGES = 4096;

/** A page range in pages counted from the start of a VMA; `to` excluded. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A step that is given a VMA first. */
type VmaStep = Step<readonly [vma: Address, ...rest: AnyArguments]>;

/** The live VMA that the step names first, as far as it is known; undefined where it is not live. */
export const knownVma = (known: Known, step: VmaStep): KnownVma | undefined => {
  const vma = known.vmas[step.args[0].index];
  return vma?.live ? vma : undefined;
};

/** The VMA that the step names first. */
export const boundVma = (model: Model, step: VmaStep): Vma => model.user.named[step.args[0].index]!;

/** Why the step is undefined for want of a live VMA of one of the kinds. */
export function needsVma(known: Known, step: VmaStep, kinds: number): string | undefined {
  const name = `v${step.args[0].index}`;
  const vma = knownVma(known, step);
  if (!vma) return `${name} is not a live VMA`;
  return (vma.kinds & ~kinds) === 0 ? undefined : `${name} may be of a kind for which ${step.call.name} is undefined`;
}

/** A VMA that surely is of one of the kinds. */
export const ofKinds =
  (kinds: number) =>
  (vma: KnownVma): boolean =>
    (vma.kinds & ~kinds) === 0;

/**
 * Where an address lies relative to a VMA, in pages, as far as that is known before a run: undefined where it is
 * somewhere else, or nobody knows.
 */
export function knownPage(known: Known, vma: KnownVma, address: Address): number | undefined {
  if (address.base !== 'v') return undefined;
  const based = known.vmas[address.index];
  if (!based || based.row !== vma.row) return undefined;
  return based.at + Math.floor(address.offset / known.page) - vma.at;
}

/** What is known after a call that may have filled the page of `vma` that is at `address`. */
export function predictFill(known: Known, vma: KnownVma, address: Address): void {
  const page = knownPage(known, vma, address);
  if (page !== undefined) {
    if (page >= 0 && page < vma.pages) vma.perhaps[page] = 1;
    return;
  }
  const other = known.vmas[address.index];
  const inside = other?.live && address.offset >= 0 && address.offset < other.pages * known.page;
  // A VMA may lie where another one was, or right before it: the address may be that of any of its pages.
  if (!inside) vma.perhaps.fill(1);
}

/** Where an address lies relative to a VMA, in pages; may be outside of it. */
export function pageIn(model: Model, vma: Vma, address: Address): number {
  const start = model.user.named[address.index]!.start;
  return start + Math.floor(address.offset / model.page) - vma.start;
}

/** Why an address may not be given to a call that wants a user address near a VMA, on a page's border. */
export function needsUserPage(known: Known, address: Address): string | undefined {
  if (address.base !== 'v') return 'the address must be one of a VMA';
  if (address.offset % known.page !== 0) return 'the address must be page aligned';
  const vma = known.vmas[address.index];
  if (!vma) return `v${address.index} is bound by no step before`;
  const page = address.offset / known.page;
  return page >= -8 && page <= vma.pages + 8 ? undefined : 'the address must lie within 8 pages of its VMA';
}

/** An address; which ones are drawn is said with `draw`. */
export const ADDRESS = { name: 'addr', type: 'address' } as const satisfies ParameterDescription;
/** A number of bytes; which ones are drawn is said with `draw`. */
export const SIZE = { name: 'size', type: 'bytes' } as const satisfies ParameterDescription;

/** A page of the VMA, at times one just outside of it. */
export function drawNearPage(known: Known, drawn: readonly [vma: Address], choose: Choose): Address {
  const vma = known.vmas[drawn[0].index]!;
  const page = choose.chance(6) ? (choose.chance(50) ? -1 : vma.pages) : choose.below(vma.pages);
  return inVma(vma.name, page * known.page);
}

/** A page inside the VMA. */
export function drawInsidePage(known: Known, drawn: readonly [vma: Address], choose: Choose): Address {
  const vma = known.vmas[drawn[0].index]!;
  return inVma(vma.name, choose.below(vma.pages) * known.page);
}

/** The start of a range for a call on a VMA: mostly in it, at times before it, or that of another VMA. */
export function drawRangeStart(known: Known, drawn: readonly [vma: Address], choose: Choose): Address {
  let vma = known.vmas[drawn[0].index]!;
  if (choose.chance(10) && known.liveVmas.length > 0) vma = known.liveVmas[choose.below(known.liveVmas.length)];
  const page = choose.chance(5) ? -1 : choose.chance(40) ? 0 : choose.below(vma.pages);
  return inVma(vma.name, page * known.page);
}

/** The length of a range that starts at the argument before: mostly inside the VMA, biased to its end. */
export function drawRangeSize(known: Known, drawn: readonly [vma: Address, start: Address], choose: Choose): number {
  const start = drawn[1];
  const rest = known.vmas[start.index]!.pages - start.offset / known.page;
  return drawLength(rest, choose) * known.page;
}

function drawLength(rest: number, choose: Choose): number {
  if (choose.chance(5)) return 0;
  if (choose.chance(10)) return rest + 1;
  if (choose.chance(35)) return rest;
  return 1 + choose.below(Math.max(rest, 1));
}
