import { isPrivateCopy } from '../notation/frame.ts';
import type { StepOf } from './arguments.ts';
import { add, after, copyVmas, type Rule, type Rules, undefinedBehaviour } from './state.ts';
import { isErrno } from './vma.ts';

/** The rules of children. A state has the VMAs of the parent, and elsewhere those of its child. */

const fork: Rule<StepOf<'fork'>> = (world, state, step, outcome) => {
  if (world.traits.user_tlb === 'caller') undefinedBehaviour('fork where callers flush');
  if ([...state.children.values()].includes(true)) undefinedBehaviour('a second child at the same time');
  const live = [...state.vmas.values()].filter((vma) => vma.live);
  if (live.some(({ ptes }) => ptes.some((pte) => pte && isPrivateCopy(pte.frame))))
    undefinedBehaviour('fork where a page is a private copy');
  if (isErrno(outcome, 'ENOMEM', 'EAGAIN')) return [state];
  if (outcome.kind !== 'ok') return [];
  return after(state, (next) => {
    next.children.set(step.binds, true);
    for (const [name, vma] of copyVmas(next.vmas)) {
      const left = !vma.live || vma.dontCopy;
      if (left) vma.ptes.fill(undefined);
      next.elsewhere.set(name, left ? { ...vma, live: false } : vma);
    }
    for (const { ptes } of next.elsewhere.values()) {
      ptes.forEach((pte, page) => {
        if (!pte?.counted) return;
        add(next.references, pte.frame, 1);
        add(next.maps, pte.frame, 1);
        ptes[page] = pte;
      });
    }
  });
};

const exit: Rule<StepOf<'exit'>> = (_world, state, step, outcome) => {
  const { index: name } = step.args[0];
  if (!state.children.get(name)) undefinedBehaviour('exit of a child that has ended');
  if (outcome.kind !== 'ok') return [];
  return after(state, (next) => {
    next.children.set(name, false);
    for (const { ptes } of next.elsewhere.values()) {
      for (const pte of ptes) {
        if (!pte?.counted) continue;
        add(next.references, pte.frame, -1);
        add(next.maps, pte.frame, -1);
      }
    }
    next.elsewhere.clear();
  });
};

export const FORKS = { fork, exit } satisfies Rules;
