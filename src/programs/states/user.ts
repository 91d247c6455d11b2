import type { Step } from '../../../reference/calls/call.ts';
import { isStepOf, type StepOf } from '../../../reference/calls/index.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { vmaFrame } from '../../../reference/notation/frame.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';

/** A VMA as a trace shows it. */
interface Vma {
  readonly pages: number;
  /** Pages that were zapped. */
  readonly zapped: Set<number>;
  /** Another VMA starts right after this one. */
  followed: boolean;
}

/** Follows the user side of one trace, and tells which goals it reaches. */
export class UserGoals {
  readonly #hit: (goal: string) => void;
  readonly #page: number;
  readonly #vmas: (Vma | undefined)[] = [];

  constructor(hit: (goal: string) => void, page: number) {
    this.#hit = hit;
    this.#page = page;
  }

  see(step: Step, outcome: Outcome): void {
    if (outcome.kind === 'errno') {
      if (outcome.text === 'EBUSY') this.#hit('busy');
      if (outcome.text === 'ENOMEM' || outcome.note > 0) this.#hit('partial-failure');
    }
    if (isStepOf(step, 'mmap')) this.#mmap(step, outcome);
    else if (isStepOf(step, 'munmap')) this.#vmas[step.args[0].index] = undefined;
    else if (isStepOf(step, 'zap_vma_ptes')) this.#zap(step);
    else if (isStepOf(step, 'read')) this.#read(step, outcome);
    else if (step.call.effect === 'fills') this.#fill(step, outcome);
  }

  #read({ args: [{ base, index, offset }] }: StepOf<'read'>, outcome: Outcome): void {
    const copy = base === 'v' ? vmaFrame(index, Math.floor(offset / this.#page)) : -1;
    if (outcome.kind === 'frame' && outcome.value === copy) this.#hit('private-copy');
  }

  #mmap({ binds, args }: StepOf<'mmap'>, outcome: Outcome): void {
    if (outcome.kind !== 'address') return;
    const [, pages, , , , after] = args;
    const before = after && this.#vmas[after.index];
    if (before) before.followed = true;
    this.#vmas[binds] = { pages, zapped: new Set(), followed: false };
  }

  /** The VMA that the step names first, and the page in it where its address points. */
  #place(step: Step): { vma: Vma; from: number } | undefined {
    const named = step.args[0] as Address;
    const at = step.args[1] as Address;
    const vma = this.#vmas[named.index];
    return vma && at.index === named.index ? { vma, from: at.offset / this.#page } : undefined;
  }

  #zap(step: StepOf<'zap_vma_ptes'>): void {
    const place = this.#place(step);
    const pages = step.args[2] / this.#page;
    if (!place || pages === 0) return;
    const { vma, from } = place;
    const to = from + pages;
    if (from < 0 || to > vma.pages) return this.#hit('zap-beyond');
    if (to === vma.pages && from > 0) this.#hit('zap-to-end');
    if (to < vma.pages && from > 0) this.#hit('zap-inside');
    if (to === vma.pages && vma.followed) this.#hit('zap-neighbour');
    for (let page = from; page < to; page++) vma.zapped.add(page);
  }

  #fill(step: Step, outcome: Outcome): void {
    if (outcome.kind === 'errno') return;
    const place = this.#place(step);
    if (place?.vma.zapped.has(place.from)) this.#hit('refill');
  }
}
