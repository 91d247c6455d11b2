import type { Address } from '../notation/address.ts';
import type { StepOf } from './arguments.ts';
import { hide, keepStale } from './caller.ts';
import { after, type Rule, type Rules, type State, undefinedBehaviour, type World } from './state.ts';
import { empty, fill, isErrno, isZero, owns, vmaOf } from './vma.ts';

/** The rules of calls that make, cut and end VMAs. */

const inWindow = ({ windows }: World, start: number, pages: number): boolean => {
  const window = windows.get('user');
  return !window || (start >= window.start && start + pages <= window.end);
};

/** Whether no VMA has any of the pages. */
const isFree = (state: State, start: number, pages: number): boolean =>
  ![...state.vmas.values()].some((vma) => Array.from({ length: pages }).some((_, i) => owns(vma, start + i)));

const mmap: Rule<StepOf<'mmap'>> = (world, state, step, outcome) => {
  const [object, pages, kind, share, remap, next, flags] = step.args;
  if (remap !== undefined && kind !== 'pfnmap') undefinedBehaviour('remapping a VMA of another kind');
  const before = next && state.vmas.get(next.index)!;
  if (before && (!before.live || before.lost.size > 0))
    undefinedBehaviour('mmap after a VMA that is unmapped, or was cut');
  if (outcome.kind === 'errno') {
    // There was not enough memory, or the requested address is in use.
    return isErrno(outcome, 'ENOMEM', 'EAGAIN', ...(before ? ['EEXIST'] : [])) ? [state] : [];
  }
  if (outcome.kind !== 'address' || outcome.extra !== 0) return [];
  const start = outcome.value;
  if (!inWindow(world, start, pages)) return [];
  if (before && start !== before.start + before.pages) return [];
  if (!isFree(state, start, pages)) return [];
  return after(state, (made) => {
    made.vmas.set(step.binds, {
      start,
      pages,
      kind,
      shared: share === 'shared',
      object: object.index,
      index: remap !== undefined && share === 'private' ? undefined : object.offset / world.page,
      remapped: remap !== undefined,
      dontCopy: flags !== undefined,
      live: true,
      ptes: Array.from({ length: pages }, () => undefined),
      lost: new Set(),
    });
    if (remap !== undefined) for (let i = 0; i < pages; i++) fill(world, made, step.binds, i, remap + i, false);
  });
};

const munmap: Rule<StepOf<'munmap'>> = (world, state, step, outcome) => {
  const name = step.args[0].index;
  const { pages } = vmaOf(state, step);
  if (outcome.kind !== 'ok') return [];
  return after(state, (next) => {
    for (let page = 0; page < pages; page++) empty(world, next, name, page);
    next.vmas.get(name)!.live = false;
  });
};

const vmMunmap: Rule<StepOf<'vm_munmap'>> = (world, state, step, outcome) => {
  const pageOf = (address: Address): number => {
    const vma = state.vmas.get(address.index)!;
    const page = address.offset / world.page;
    if (address.base !== 'v' || !Number.isInteger(page) || !vma.live || page < 0 || page > vma.pages)
      undefinedBehaviour('vm_munmap of an address that is not a page in or right after a live VMA');
    return vma.start + page;
  };
  const start = pageOf(step.args[0]);
  const end = pageOf(step.args[1]);
  if (end < start) undefinedBehaviour('vm_munmap of a range that ends before it starts');
  if (start === end) return isErrno(outcome, 'EINVAL') ? [state] : [];
  const owners = Array.from({ length: end - start }, (_, i) => {
    const owner = [...state.vmas].find(([, vma]) => owns(vma, start + i));
    return owner ?? undefinedBehaviour('vm_munmap of a range with a page of no VMA');
  });
  if (isErrno(outcome, 'ENOMEM')) return [state];
  if (!isZero(outcome)) return [];
  return after(state, (next) => {
    owners.forEach(([name, { start: first, pages }], i) => {
      const page = start + i - first;
      empty(world, next, name, page);
      const vma = next.vmas.get(name)!;
      vma.lost.add(page);
      if (vma.lost.size === pages) vma.live = false;
    });
  });
};

const mremap: Rule<StepOf<'mremap'>> = (world, state, step, outcome) => {
  const [{ index: name }, pages, stays] = step.args;
  const vma = vmaOf(state, step);
  if (pages < 1) undefinedBehaviour('mremap to no pages');
  if (stays && pages !== vma.pages) undefinedBehaviour('mremap that neither unmaps nor keeps the size');
  if (stays || pages > vma.pages) {
    if (vma.kind !== 'pfnmap') undefinedBehaviour('mremap that is refused only for a VM_PFNMAP VMA');
    return isErrno(outcome, stays ? 'EINVAL' : 'EFAULT') ? [state] : [];
  }
  if (isErrno(outcome, 'ENOMEM')) return [state];
  if (outcome.kind !== 'address' || outcome.extra !== 0) return [];
  const start = outcome.value;
  const right = pages < vma.pages ? start === vma.start : inWindow(world, start, pages) && isFree(state, start, pages);
  if (!right) return [];
  return after(state, (next) => {
    const old = next.vmas.get(name)!;
    // No CPU holds anything at addresses that were not in use.
    const kept = old.ptes.slice(0, pages).map((pte) => pte && { ...pte, held: pte.held && start === old.start });
    for (let page = pages; page < old.pages; page++) empty(world, next, name, page);
    old.live = false;
    next.vmas.set(step.binds, { ...old, start, pages, live: true, ptes: kept, lost: new Set() });
    old.ptes.fill(undefined);
    if (start === old.start || world.traits.user_tlb !== 'caller') return;
    kept.forEach((pte, page) => {
      if (!pte) return;
      keepStale(next, old.start + page, pte.frame, old.shared);
      hide(next, start + page);
    });
  });
};

const mprotect: Rule<StepOf<'mprotect'>> = (world, state, step, outcome) => {
  const [{ index: name }, allows] = step.args;
  const vma = vmaOf(state, step);
  if (!vma.shared) undefinedBehaviour('mprotect of a private VMA');
  if (world.traits.user_tlb === 'caller') undefinedBehaviour('mprotect where callers flush');
  if (!isZero(outcome)) return [];
  return after(state, (next) => {
    const changed = next.vmas.get(name)!;
    const raised = vma.allows === 'read' && allows === 'write';
    // A call that takes a permission away flushes, so no CPU holds anything older after it.
    changed.ptes.forEach((pte, page) => {
      if (pte) changed.ptes[page] = { ...pte, held: raised || (allows === 'write' && pte.held) || undefined };
    });
    changed.allows = allows;
  });
};

export const MAPPINGS = {
  mmap,
  munmap,
  vm_munmap: vmMunmap,
  mremap,
  mprotect,
} satisfies Rules;
