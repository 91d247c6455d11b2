import type { Step } from '../../../reference/calls/call.ts';
import type { KnownArea } from '../../../reference/model/known.ts';
import { type Address, inArea } from '../../../reference/notation/address.ts';
import { drawInArea, drawInVma } from './address.ts';
import type { Drawing } from './draw.ts';
import type { Plan } from './repertoire.ts';

/**
 * An address at which the effect of a step can be seen: in the area or VMA that it created or unmapped, or else near
 * the address that it names; for a call without arguments (a flush) any address that was looked at before. Undefined
 * if the step changes nothing. `unmapped`: the area that the step unmapped.
 */
export function addressToCheck(
  drawing: Drawing,
  { call, predict, binds, slots }: Plan,
  step: Step,
  unmapped: KnownArea | undefined,
): Address | undefined {
  const { known, random, focus } = drawing;
  if (predict === undefined) return slots.length === 0 ? focus.any(random) : undefined;
  if (binds === 'a') {
    const area = known.areas[step.binds];
    if (area && call.effect === 'moves') return moved(drawing, step, area);
    return area && drawInArea(random, area, known.page);
  }
  if (binds === 'v') {
    const vma = known.vmas[step.binds];
    if (!vma) return named(drawing, step);
    if (call.effect === 'makes') return drawInVma(random, vma, known.page);
    // What a VMA has left behind is as interesting as the VMA itself.
    return vma.pages === 0 || random.chance(50) ? named(drawing, step) : drawInVma(random, vma, known.page);
  }
  // In a freed sparse area, nothing was mapped at most of the addresses that were looked at.
  if (unmapped?.perhaps) return drawInArea(random, unmapped, known.page);
  if (unmapped)
    return inUser(drawing, unmapped) ?? focus.in('a', unmapped.name) ?? drawInArea(random, unmapped, known.page);
  return named(drawing, step);
}

/** An address in an area whose memory was moved to another one: mostly where the old address was looked at before. */
function moved(drawing: Drawing, step: Step, area: KnownArea): Address | undefined {
  const { focus, random, known } = drawing;
  const { base, index } = step.args[0] as Address;
  const before = focus.in(base, index);
  if (area.pages === 0 || random.chance(30)) return before ?? named(drawing, step);
  return before ? inArea(area.name, before.offset) : drawInArea(random, area, known.page);
}

/** Percentage of areas mapped in a VMA whose effects are looked at there. */
const IN_USER_PERCENT = 60;

/** Mostly an address in the VMA in which an area was mapped; undefined if it was in no VMA, and sometimes otherwise. */
function inUser({ known, random }: Drawing, { mappedIn }: KnownArea): Address | undefined {
  const vma = mappedIn < 0 ? undefined : known.vmas[mappedIn];
  return vma?.live && random.chance(IN_USER_PERCENT) ? drawInVma(random, vma, known.page) : undefined;
}

/** The last address that the step names, or a remembered one in the same area or VMA, or any remembered one. */
function named(drawing: Drawing, { call: { naming }, args }: Step): Address | undefined {
  const { focus, random, known } = drawing;
  const address = naming.length > 0 ? (args[naming[naming.length - 1]] as Address | undefined) : undefined;
  if (!address) return focus.any(random);
  const area = address.base === 'a' ? known.areas[address.index] : undefined;
  const user = area && inUser(drawing, area);
  if (user) return user;
  return (random.chance(50) ? focus.in(address.base, address.index) : undefined) ?? address;
}
