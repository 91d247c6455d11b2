import {
  CHILD,
  type Implementation,
  type KernelCalls,
  type UserCalls,
} from '../../../fixtures/simulator/implementations/implementation.ts';
import { KERNEL_HALF, type Machine } from '../../../fixtures/simulator/machine/machine.ts';
import { areasOfPages } from '../../../reference/calls/area-pages.ts';
import type { Step } from '../../../reference/calls/call.ts';
import { namedSpace } from '../../../reference/calls/spaces.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { areaOfFrame, type FrameId, isPoolFrame } from '../../../reference/notation/frame.ts';

/** Page size in bytes. */
export const PAGE = 4096;

/** First page of the kernel's half, as the notation numbers pages: address 0xffffc90000000000. */
const KERNEL_BASE = 0xffffc90000000;

/** Converts a page number of the machine to one of the notation. */
export const toNotation = (page: number): number => (page >= KERNEL_HALF ? page - KERNEL_HALF + KERNEL_BASE : page);

/** Whole pages in `bytes`, rounded down. */
const pagesDown = (bytes: number): number => (bytes === (bytes | 0) ? bytes >> 12 : Math.floor(bytes / PAGE));

/** The program that is being executed, and what its names are bound to. */
export class Session {
  readonly machine: Machine;
  readonly kernel: KernelCalls;
  readonly user: UserCalls;
  /** First page of each area, by the number of its name; undefined if the name is not bound. */
  readonly areas: (number | undefined)[] = [];
  /**
   * First page of each VMA in the address space that was entered, by the number of its name; undefined if the name is not
   * bound there.
   */
  vmas: (number | undefined)[] = [];
  /** The first pages of the VMAs of each child, by the number of the child's name. */
  readonly children: ((number | undefined)[] | undefined)[] = [];
  /** The name of the child that runs, or -1. */
  child = -1;
  /** The address space of a child was entered. */
  inChild = false;
  readonly #parentVmas = this.vmas;
  /** The frames of areas whose permissions `vfree` must reset, by the number of the area's name. */
  readonly resets = new Map<number, readonly number[]>();
  /** By CPU: the frame that its `break_cow` copies, -1 if nothing is mapped. */
  readonly copied: number[] = [];

  constructor({ machine, kernel, user }: Implementation) {
    this.machine = machine;
    this.kernel = kernel;
    this.user = user;
  }

  /** Begins a program from scratch: nothing is mapped, frames are stamped, caches are empty. */
  begin(program: Program): void {
    const { machine, kernel, user } = this;
    this.areas.length = 0;
    if (this.resets.size > 0) this.resets.clear();
    this.enter(-1);
    this.vmas.length = 0;
    this.children.length = 0;
    this.child = -1;
    machine.reset(program.cpus, program.frames, machine.failures.oneIn > 0 ? hashOf(program) : 0);
    kernel.reset();
    user.reset();
  }

  /** Enters the address space of a child, or that of the parent (-1). */
  enter(space: number): void {
    this.inChild = space >= 0 && this.children[space] !== undefined;
    this.vmas = (space < 0 ? undefined : this.children[space]) ?? this.#parentVmas;
  }

  /** A fork made the child `name`, in which all VMAs have the names of their originals. */
  bindChild(name: number): void {
    this.children[name] = this.#parentVmas.map((page) => (page === undefined ? undefined : page + CHILD));
    this.child = name;
  }

  /** Whether all names in the step's arguments are bound. */
  bound(step: Step): boolean {
    const space = step.call.spaceAt < 0 ? -1 : namedSpace(step);
    if (space >= 0 && this.children[space] === undefined) return false;
    const { naming } = step.call;
    for (let i = 0; i < naming.length; i++) {
      const address = step.args[naming[i]] as Address | undefined;
      if (address === undefined) continue;
      if (address.base === 'a') {
        if (this.areas[address.index] === undefined) return false;
      } else if (address.base === 'v' && this.vmas[address.index] === undefined) return false;
    }
    const areas = areasOfPages(step);
    for (let i = 0; i < areas.length; i++) if (this.areas[areas[i]] === undefined) return false;
    return true;
  }

  /** The machine's page number for an address; out of the machine's range if the page does not exist. */
  page({ base, index, offset }: Address): number {
    if (base === 'a') return this.areas[index]! + pagesDown(offset);
    if (base === 'v') return this.vmas[index]! + pagesDown(offset);
    return base === 'hole' ? this.kernel.hole + pagesDown(offset) : pagesDown(offset);
  }

  /** The machine's frame for one of the notation; -1 if it is a page of an area that the page tables do not map. */
  frame(frame: FrameId): number {
    const of = areaOfFrame(frame);
    return of === undefined ? frame : this.kernel.vmallocToPage(this.areas[of.area]! + of.page);
  }

  /** The machine's frames for a list of the notation; see `frame`. */
  list(frames: readonly FrameId[]): readonly number[] {
    return frames.every(isPoolFrame) ? frames : frames.map((frame) => this.frame(frame));
  }

  /** Index of the 8-byte word that an address hits, within its page. */
  word({ offset }: Address): number {
    return (((offset % PAGE) + PAGE) % PAGE) >> 3;
  }
}

/** A hash of the program. It seeds the injected failures, so that they depend on nothing else. */
function hashOf(program: Program): number {
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
