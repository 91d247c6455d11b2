import type { Clause } from '../../clauses/clause.ts';
import { FAILURE } from '../../clauses/common.ts';
import type { Known } from '../../model/known.ts';
import type { Model } from '../../model/model.ts';
import type { Mapping, Removal } from '../../model/promises.ts';
import type { Address } from '../../notation/address.ts';
import { areaFrame, type FrameId } from '../../notation/frame.ts';
import type { Outcome } from '../../notation/outcome.ts';
import type { AnyArguments } from '../../notation/signature.ts';
import type { Traits } from '../../profiles/traits.ts';
import type { ParameterDescription, Step } from '../call.ts';

/** What the calls that make and end kernel areas have in common. */

/** The frames that a mapping call is given. */
export const PAGES = { name: 'pages', type: 'frames' } as const satisfies ParameterDescription;

/** A step that is given frames first. */
type FramesStep = Step<readonly [pages: readonly FrameId[], ...rest: AnyArguments]>;
/** A step that is given a number of bytes. */
export type SizeStep = Step<readonly [size: number]>;
/** A step that is given an area first. */
type AreaStep = Step<readonly [area: Address, ...rest: AnyArguments]>;

/** A mapping call of given frames returned: an address, or NULL, which leaves everything as it was. */
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

/** A mapping call of a parallel block was called. */
export function beginMap(
  model: Model,
  { binds }: Step,
  outcome: Outcome,
  frames: readonly FrameId[],
  mapping: Mapping,
): void {
  if (outcome.kind === 'address' && outcome.extra === 0) model.kernel.beginMap(binds, outcome, frames, mapping);
}

/** The area that an unmapping step gives back, by name; -1 where it has no effect. */
const unmapped = (traits: Traits, { base, index, offset }: Address): number =>
  base === 'a' && (offset === 0 || traits.unmap_interior === 'whole') ? index : -1;

/** What an unmapping step does to the areas that are known. */
export const predictUnmap = (known: Known, step: AreaStep): void => known.unmap(unmapped(known.traits, step.args[0]));

/** Implementations may warn of an address that no call returned. */
export const warnsOfUnmap = ({ args }: AreaStep): boolean => {
  const { base, offset } = args[0];
  return base === 'hole' || (base === 'a' && offset !== 0);
};

/** An unmapping call of a parallel block was called. */
export function beginUnmap(model: Model, step: AreaStep): void {
  const area = unmapped(model.traits, step.args[0]);
  if (area >= 0) model.kernel.beginUnmap(area);
}

/** The memory that a step of `vmalloc` brings. `page`: the page size in bytes. */
export function broughtFrames(step: SizeStep, page: number): FrameId[] {
  const pages = Math.ceil(step.args[0] / page);
  const frames: FrameId[] = [];
  for (let i = 0; i < pages; i++) frames.push(areaFrame(step.binds, i));
  return frames;
}

/** An unmapping call of an area returned. */
export function endUnmap(model: Model, step: AreaStep, removal: Removal, unknown: Clause): void {
  const area = unmapped(model.traits, step.args[0]);
  if (area < 0) return model.kernel.keep(unknown);
  const life = model.kernel.named[area]!;
  const references = life.origin === 'put' ? -1 : 0;
  if (life.origin !== 'vmalloc') for (const frame of life.frames) model.count(frame, references, 0, removal.counts);
  model.kernel.unmap(area, removal);
}

/** Why an unmapping call of `area` is undefined here. */
export function cannotUnmap(
  known: Known,
  area: Address,
  origins: readonly string[],
  strays: boolean,
): string | undefined {
  if (area.base === 'null') {
    return strays && known.traits.unmap_null === 'ignored' ? undefined : 'NULL may not be given back here';
  }
  if (area.base === 'hole') {
    return strays && known.traits.unmap_unknown === 'ignored'
      ? undefined
      : 'an address that no call returned may not be given back here';
  }
  const given = known.areas[area.index];
  if (!given) return `a${area.index} is bound by no step before`;
  if (!given.live) return `a${area.index} was given back before`;
  if (!origins.includes(given.origin)) return `a${area.index} is not given back by this call`;
  if (area.offset === 0) return undefined;
  if (!strays || known.traits.unmap_interior === 'undefined') return 'an area is given back by its first address';
  if (area.offset < 0 || area.offset >= given.pages * known.page || area.offset % known.page !== 0)
    return `the address must be that of a page of a${area.index}`;
  return undefined;
}
