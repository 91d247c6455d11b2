import { isPoolFrame, isPrivateCopy } from '../notation/frame.ts';
import type { StepOf } from './arguments.ts';
import { type Rule, type Rules, undefinedBehaviour } from './state.ts';
import { inside, isErrno, pageIn, vmaOf } from './vma.ts';

/** The rules of the calls that look up pages of VMAs in the page tables. */

const followPfn: Rule<StepOf<'follow_pfn'>> = (world, state, step, outcome) => {
  const vma = vmaOf(state, step);
  const page = pageIn(world, state, vma, step.args[1]);
  if (!inside(vma, page) && world.traits.follow_outside !== 'refused') undefinedBehaviour('follow_pfn beyond the VMA');
  const pte = inside(vma, page) && vma.kind === 'pfnmap' ? vma.ptes[page] : undefined;
  if (!pte) return isErrno(outcome, 'EINVAL') ? [state] : [];
  if (outcome.kind === 'frame') return outcome.value === pte.frame ? [state] : [];
  // Any frame may hold a private copy, except the frame that was copied.
  return outcome.kind === 'other' && !isPoolFrame(pte.frame) ? [state] : [];
};

const followPfnmapStart: Rule<StepOf<'follow_pfnmap_start'>> = (world, state, step, outcome) => {
  const [, address, field] = step.args;
  const vma = vmaOf(state, step);
  const page = pageIn(world, state, vma, address);
  if (!inside(vma, page) || address.index !== step.args[0].index)
    undefinedBehaviour('follow_pfnmap_start of a page that is not named relative to its VMA');
  const pte = vma.kind === 'pfnmap' ? vma.ptes[page] : undefined;
  if (!pte) return isErrno(outcome, 'EINVAL') ? [state] : [];
  const copied = isPrivateCopy(pte.frame);
  const mayWrite = vma.shared ? vma.allows === undefined || vma.allows === 'write' : copied;
  const right = field === 'special' ? !copied : mayWrite;
  return outcome.kind === 'number' && outcome.value === Number(right) ? [state] : [];
};

const getUserPages: Rule<StepOf<'get_user_pages'>> = (world, state, step, outcome) => {
  const vma = vmaOf(state, step);
  const page = pageIn(world, state, vma, step.args[0]);
  if (!inside(vma, page)) undefinedBehaviour('get_user_pages of an address outside the VMA');
  const reachable = vma.kind !== 'pfnmap' && vma.allows !== 'none';
  const pte = reachable ? vma.ptes[page] : undefined;
  // It may lack memory for a page table before it sees that nothing is mapped.
  if (!pte) return isErrno(outcome, 'EFAULT') || (reachable && isErrno(outcome, 'ENOMEM')) ? [state] : [];
  // A frame that is mapped by number may have no struct page.
  if (isPoolFrame(pte.frame) && !pte.counted) return isErrno(outcome, 'EEXIST') ? [state] : [];
  if (outcome.kind === 'frame') return outcome.value === pte.frame ? [state] : [];
  return outcome.kind === 'other' && !isPoolFrame(pte.frame) ? [state] : [];
};

export const USER_LOOKUPS = {
  follow_pfn: followPfn,
  follow_pfnmap_start: followPfnmapStart,
  get_user_pages: getUserPages,
} satisfies Rules;
