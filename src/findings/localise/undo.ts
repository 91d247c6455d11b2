import type { Call, Step } from '../../../reference/calls/call.ts';
import { CALLS } from '../../../reference/contract.ts';
import type { Known, KnownArea } from '../../../reference/model/known.ts';
import { type KnownVma, pagesLeft } from '../../../reference/model/known-space.ts';
import { addressSpace, inArea, inVma } from '../../../reference/notation/address.ts';
import type { Argument } from '../../../reference/notation/signature.ts';
import type { Manifest } from '../../targets/target.ts';

/** The calls that end what a program has left, as the clean-up of a target does. */

/** The step that unmaps an area; undefined if the target has no call for it. */
function unmapArea(area: KnownArea, has: (call: Call) => boolean): Step | undefined {
  const takes = ({ parameters: [first] }: Call): boolean =>
    first?.type === 'area' && (first.origins?.includes(area.origin) ?? false);
  const call = CALLS.find((one) => one.effect === 'ends' && takes(one) && has(one));
  if (!call) return undefined;
  const args = call.parameters.map((one): Argument => one.ofArea?.(area) ?? inArea(area.name, 0));
  return { cpu: 0, call, binds: -1, args };
}

/** The step that unmaps a VMA; undefined if the target has no call for it. */
function unmapVma(name: number, has: (call: Call) => boolean): Step | undefined {
  const call = CALLS.find((one) => one.effect === 'ends' && one.parameters[0]?.type === 'vma' && has(one));
  return call && { cpu: 0, call, binds: -1, args: [inVma(name, 0)] };
}

/** The steps that unmap what is left of a VMA that was cut; none if the target has no call for it. */
function unmapParts(vma: KnownVma, page: number, has: (call: Call) => boolean): Step[] {
  const call = CALLS.find((one) => one.effect === 'cuts' && has(one));
  const steps: Step[] = [];
  for (let from = 0; call && from < vma.pages; from++) {
    const left = pagesLeft(vma, from);
    if (left === 0) continue;
    const ends = [from, from + left].map((at) => inVma(vma.name, at * page));
    steps.push({ cpu: 0, call, binds: -1, args: ends });
    from += left;
  }
  return steps;
}

/** The step that ends the child, if there may be one. */
function endChild({ child }: Known, has: (call: Call) => boolean): Step[] {
  const call = child < 0 ? undefined : CALLS.find((one) => one.effect === 'exits' && has(one));
  return call ? [{ cpu: 0, call, binds: -1, args: [addressSpace(child)] }] : [];
}

/** The steps that unmap every area and VMA that may be live, in the order in which they were made. */
export function undoingSteps(known: Known, { calls }: Manifest): Step[] {
  const has = ({ name }: Call): boolean => calls.has(name);
  const areas = known.areas.flatMap((area) => (area?.live ? (unmapArea(area, has) ?? []) : []));
  const vmas = known.vmas.flatMap((vma) => {
    if (!vma?.live) return [];
    return vma.cut ? unmapParts(vma, known.page, has) : (unmapVma(vma.name, has) ?? []);
  });
  return [...endChild(known, has), ...areas, ...vmas];
}

/** The step that ends the translations that linger; undefined if the target has no call for it. */
export function flushingStep({ calls }: Manifest): Step | undefined {
  const call = CALLS.find((one) => one.effect === 'flushes' && one.side === 'kernel' && calls.has(one.name));
  return call && { cpu: 0, call, binds: -1, args: [] };
}
