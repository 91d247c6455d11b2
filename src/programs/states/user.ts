import type { Step } from '../../../reference/calls/call.ts';
import { runsIn } from '../../../reference/calls/spaces.ts';
import { vmaFrame } from '../../../reference/notation/frame.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';
import { argumentOf, namedAddresses } from '../arguments.ts';
import { isRead } from '../look.ts';

/** A VMA, as far as a trace shows it. */
interface Vma {
  readonly pages: number;
  /** Pages that were zapped. */
  readonly zapped: Set<number>;
  /** Another VMA starts right after this one. */
  followed: boolean;
}

/** Follows the user side of one trace, and reports the goals that it reaches. */
export class UserGoals {
  readonly #hit: (goal: string) => void;
  /** In bytes. */
  readonly #page: number;
  readonly #vmas: (Vma | undefined)[] = [];

  constructor(hit: (goal: string) => void, page: number) {
    this.#hit = hit;
    this.#page = page;
  }

  /** A step returned. States of a child's VMAs do not count. */
  see(step: Step, outcome: Outcome): void {
    if (runsIn(step) >= 0) return;
    if (outcome.kind === 'errno') {
      if (outcome.text === 'EBUSY') this.#hit('busy');
      if (outcome.text === 'ENOMEM' || outcome.note > 0) this.#hit('partial-failure');
    }
    const { effect } = step.call;
    if (effect === 'makes') this.#create(step, outcome);
    else if (effect === 'ends') this.#unmap(step);
    else if (effect === 'empties') this.#zap(step);
    else if (effect === 'fills') this.#fill(step, outcome);
    else if (isRead(step.call)) this.#read(step, outcome);
  }

  #create(step: Step, outcome: Outcome): void {
    if (outcome.kind !== 'address') return;
    const [after] = namedAddresses(step);
    const before = after && this.#vmas[after.index];
    if (before) before.followed = true;
    this.#vmas[step.binds] = { pages: argumentOf(step, 'pages') ?? 0, zapped: new Set(), followed: false };
  }

  #unmap(step: Step): void {
    for (const { base, index } of namedAddresses(step)) if (base === 'v') this.#vmas[index] = undefined;
  }

  /** The VMA that the step names, and the page in it of the address that the step gives. */
  #place(step: Step): { vma: Vma; from: number } | undefined {
    const named = argumentOf(step, 'vma');
    const at = argumentOf(step, 'address');
    const vma = named && this.#vmas[named.index];
    return vma && at?.index === named.index ? { vma, from: at.offset / this.#page } : undefined;
  }

  #zap(step: Step): void {
    const place = this.#place(step);
    const pages = (argumentOf(step, 'bytes') ?? 0) / this.#page;
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
    const pages = argumentOf(step, 'frames')?.length ?? 1;
    for (let page = 0; place && page < pages; page++) if (place.vma.zapped.has(place.from + page)) this.#hit('refill');
  }

  #read(step: Step, outcome: Outcome): void {
    const [address] = namedAddresses(step);
    const copy = address?.base === 'v' ? vmaFrame(address.index, Math.floor(address.offset / this.#page)) : -1;
    if (outcome.kind === 'frame' && outcome.value === copy) this.#hit('private-copy');
  }
}
