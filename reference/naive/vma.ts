import type { Address } from '../notation/address.ts';
import type { FrameId } from '../notation/frame.ts';
import type { Outcome } from '../notation/outcome.ts';
import type { Step } from '../notation/program.ts';
import type { AnyArguments, Signature } from '../notation/signature.ts';
import { hide, keepStale } from './caller.ts';
import { add, copy, type Kind, type State, undefinedBehaviour, type Vma, type World } from './state.ts';

/** What the rules of the user side share. No translation outlives its page-table entry here. */

/** The VMA that is the step's first argument. It must be live and whole. */
export const vmaOf = (state: State, step: Step<Signature, readonly [vma: Address, ...rest: AnyArguments]>): Vma => {
  const vma = state.vmas.get(step.args[0].index)!;
  if (vma.lost.size > 0) undefinedBehaviour(`${step.call.name} of a VMA that is no longer whole`);
  return vma.live ? vma : undefinedBehaviour(`${step.call.name} of a VMA that is unmapped`);
};

/** Whether a VMA has a page, by page number. */
export const owns = (vma: Vma, page: number): boolean =>
  vma.live && inside(vma, page - vma.start) && !vma.lost.has(page - vma.start);

/** The page of an address, counted from the start of the VMA. */
export function pageIn(world: World, state: State, vma: Vma, address: Address): number {
  if (address.base !== 'v' || address.offset % world.page !== 0)
    undefinedBehaviour('an address that is not page aligned');
  return state.vmas.get(address.index)!.start + address.offset / world.page - vma.start;
}

/** Whether a page, counted from the start of the VMA, lies in it. */
export const inside = (vma: Vma, page: number): boolean => page >= 0 && page < vma.pages;
/** Whether the outcome is one of these errnos. */
export const isErrno = (outcome: Outcome, ...names: string[]): boolean =>
  outcome.kind === 'errno' && names.includes(outcome.text);
/** Whether the outcome is 0. */
export const isZero = (outcome: Outcome): boolean => outcome.kind === 'number' && outcome.value === 0;

/** Maps a frame in a page of a VMA. */
export function fill(world: World, next: State, name: number, page: number, frame: FrameId, counted: boolean): void {
  const vma = next.vmas.get(name)!;
  vma.ptes[page] = { frame, counted };
  if (world.traits.user_tlb === 'caller') hide(next, vma.start + page);
  if (!counted) return;
  add(next.references, frame, 1);
  add(next.maps, frame, 1);
}

/** Unmaps a page of a VMA. A private copy ends with its mapping. */
export function empty(world: World, next: State, name: number, page: number): void {
  const vma = next.vmas.get(name)!;
  const pte = vma.ptes[page];
  vma.ptes[page] = undefined;
  if (pte && world.traits.user_tlb === 'caller') keepStale(next, vma.start + page, pte.frame, vma.shared);
  if (!pte?.counted) return;
  add(next.references, pte.frame, -1);
  add(next.maps, pte.frame, -1);
}

/** A call that failed may or may not have changed the kind of the VMA. */
export function perhaps(state: State, name: number, kind: Kind): State[] {
  const changed = copy(state);
  changed.vmas.get(name)!.kind = kind;
  return state.vmas.get(name)!.kind === kind ? [state] : [state, changed];
}
