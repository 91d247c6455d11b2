import { isPrivateCopy } from '../notation/frame.ts';
import type { StepOf } from './arguments.ts';
import { add, after, copyVmas, type Rule, type Rules, type State, undefinedBehaviour } from './state.ts';
import { isErrno } from './vma.ts';

/** The rules of children. Here `vmas` of a state are those of the parent, and `elsewhere` are those of its child. */

/** Takes, or drops, a reference and a map count for each page that the child maps with counting. */
function countPages(state: State, by: 1 | -1): void {
  for (const { ptes } of state.elsewhere.values()) {
    for (const pte of ptes) {
      if (!pte?.counted) continue;
      add(state.references, pte.frame, by);
      add(state.maps, pte.frame, by);
    }
  }
}

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
      const leftOut = !vma.live || vma.dontCopy;
      if (leftOut) vma.ptes.fill(undefined);
      next.elsewhere.set(name, leftOut ? { ...vma, live: false } : vma);
    }
    countPages(next, 1);
  });
};

const exit: Rule<StepOf<'exit'>> = (_world, state, step, outcome) => {
  const { index: name } = step.args[0];
  if (!state.children.get(name)) undefinedBehaviour('exit of a child that has ended');
  if (outcome.kind !== 'ok') return [];
  return after(state, (next) => {
    next.children.set(name, false);
    countPages(next, -1);
    next.elsewhere.clear();
  });
};

export const FORKS = { fork, exit } satisfies Rules;
