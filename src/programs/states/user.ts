import type { Step } from '../../../reference/calls/call.ts';
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
    switch (step.call.name) {
      case 'mmap':
        return this.#mmap(step, outcome);
      case 'munmap':
        this.#vmas[(step.args[0] as Address).index] = undefined;
        return;
      case 'zap_vma_ptes':
        return this.#zap(step);
      case 'remap_pfn_range':
      case 'vm_insert_page':
      case 'vmf_insert_pfn':
        return this.#fill(step, outcome);
      case 'read': {
        const { base, index, offset } = step.args[0] as Address;
        const copy = base === 'v' ? vmaFrame(index, Math.floor(offset / this.#page)) : -1;
        if (outcome.kind === 'frame' && outcome.value === copy) this.#hit('private-copy');
      }
    }
  }

  #mmap(step: Step, outcome: Outcome): void {
    if (outcome.kind !== 'address') return;
    const after = step.args[step.call.parameters.findIndex(({ name }) => name === 'after')] as Address | undefined;
    const before = after && this.#vmas[after.index];
    if (before) before.followed = true;
    this.#vmas[step.binds] = { pages: step.args[1] as number, zapped: new Set(), followed: false };
  }

  /** The VMA that the step names first, and the page in it where its address points. */
  #place(step: Step): { vma: Vma; from: number } | undefined {
    const named = step.args[0] as Address;
    const at = step.args[1] as Address;
    const vma = this.#vmas[named.index];
    return vma && at.index === named.index ? { vma, from: at.offset / this.#page } : undefined;
  }

  #zap(step: Step): void {
    const place = this.#place(step);
    const pages = (step.args[2] as number) / this.#page;
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
