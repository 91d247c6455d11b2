import type { Implementation } from '../../../fixtures/simulator/implementations/implementation.ts';
import { KERNEL_HALF } from '../../../fixtures/simulator/machine/machine.ts';
import type { Address } from '../../../reference/notation/address.ts';
import type { Program, Step } from '../../../reference/notation/program.ts';

/** Page size in bytes. */
export const PAGE = 4096;

/** Where the kernel's half lies in canonical addresses, as a page number: 0xffffc90000000000. */
const KERNEL_BASE = 0xffffc90000000;

/** A page number of the machine as one of the notation. */
export const toNotation = (page: number): number => (page >= KERNEL_HALF ? page - KERNEL_HALF + KERNEL_BASE : page);

/** What `bytes` are in whole pages, rounded down. */
const pagesDown = (bytes: number): number => (bytes === (bytes | 0) ? bytes >> 12 : Math.floor(bytes / PAGE));

/** One program being executed: what its names are bound to. */
export class Session {
  readonly implementation: Implementation;
  /** First page by name; undefined where the name is not bound. */
  readonly areas: (number | undefined)[] = [];
  readonly vmas: (number | undefined)[] = [];

  constructor(implementation: Implementation) {
    this.implementation = implementation;
  }

  /** From scratch: nothing mapped, frames stamped, caches empty. */
  begin(program: Program): void {
    const { machine, kernel, user } = this.implementation;
    this.areas.length = 0;
    this.vmas.length = 0;
    machine.reset(program.cpus, program.frames, machine.failures.active ? contentOf(program) : 0);
    kernel.reset();
    user.reset();
  }

  /** True where every name that the step needs is bound; `naming`: positions of its arguments that may hold one. */
  bound(step: Step, naming: readonly number[]): boolean {
    for (const at of naming) {
      const address = step.args[at] as Address | undefined;
      if (address === undefined) continue;
      if (address.base === 'a') {
        if (this.areas[address.index] === undefined) return false;
      } else if (address.base === 'v' && this.vmas[address.index] === undefined) return false;
    }
    return true;
  }

  /** The machine's page number for an address; negative or beyond the machine's where there is no such page. */
  page({ base, index, offset }: Address): number {
    if (base === 'a') return this.areas[index]! + pagesDown(offset);
    if (base === 'v') return this.vmas[index]! + pagesDown(offset);
    return base === 'hole' ? this.implementation.kernel.hole + pagesDown(offset) : pagesDown(offset);
  }

  /** The 8-byte word of its page that an address hits. */
  word({ offset }: Address): number {
    return (((offset % PAGE) + PAGE) % PAGE) >> 3;
  }
}

/** A number that only a program's content decides: which injected failures it meets. */
function contentOf(program: Program): number {
  let hash = program.steps.length;
  for (const { cpu, call, args } of program.steps) {
    hash = (Math.imul(hash, 31) + call.name.length * 7 + cpu) | 0;
    for (const value of args) {
      if (Array.isArray(value)) hash = (Math.imul(hash, 31) + value.length) | 0;
      else if (typeof value === 'number') hash = (Math.imul(hash, 31) + value) | 0;
    }
  }
  return hash;
}
