import type { FrameId } from '../notation/frame.ts';
import type { Binds } from '../notation/signature.ts';
import type { Traits } from '../profiles/traits.ts';
import { copySpace, copyVma, type KnownSpace, type KnownVma } from './known-space.ts';

/** Which call an area came from; this decides how it is given back. */
export type Origin = 'vmap' | 'put' | 'ram' | 'vmalloc' | 'sparse';

/** What is known of a kernel area before the program runs. Its call may fail, so the name may never be bound. */
export interface KnownArea {
  readonly name: number;
  readonly origin: Origin;
  /** Length in pages. */
  readonly pages: number;
  readonly frames: readonly FrameId[];
  /** It can be mapped in user VMAs (VM_USERMAP). */
  readonly forUser: boolean;
  /** Only in a sparse area: 1 for each page that may be mapped. */
  readonly perhaps: Uint8Array | undefined;
  /** The VMA in which it was mapped last, or -1. */
  mappedIn: number;
  /** Pages of it may be read-only, also in the direct map. */
  readOnly: boolean;
  /** Freeing it resets the permissions of its pages (VM_FLUSH_RESET_PERMS). */
  resets: boolean;
  live: boolean;
  /** Position in the list of live areas of its origin, or of retired ones. */
  slot: number;
}

const NO_FRAMES: readonly FrameId[] = [];

/** An independent copy of an area. Field by field, as in `copyVma`. */
const copyArea = (area: KnownArea): KnownArea => ({
  name: area.name,
  origin: area.origin,
  pages: area.pages,
  frames: area.frames,
  forUser: area.forUser,
  perhaps: area.perhaps?.slice(),
  mappedIn: area.mappedIn,
  readOnly: area.readOnly,
  resets: area.resets,
  live: area.live,
  slot: area.slot,
});

/** Kinds of VMA, as bits of a set: a call that fails may or may not have changed the kind, so several are possible. */
export const PLAIN = 1;
export const PFNMAP = 2;
export const MIXEDMAP = 4;

/** The kind that `mmap` is asked for. */
export const KINDS: Readonly<Record<string, number>> = { plain: PLAIN, pfnmap: PFNMAP, mixedmap: MIXEDMAP };

/** Moves an entry from one list to another in constant time, and updates `slot`. */
function move<T extends { slot: number }>(entry: T, from: T[], to: T[]): void {
  const last = from.pop()!;
  if (last !== entry) {
    from[entry.slot] = last;
    last.slot = entry.slot;
  }
  entry.slot = to.length;
  to.push(entry);
}

/**
 * What is known of the state before a program has run: which names may be bound, which pages may be mapped. The
 * generator walks it forward, and every program that is read from a file is checked against it. A step is valid only
 * if it is defined in every state that the contract allows here.
 *
 * @example
 * ```ts
 * import { DOCUMENTED, findInvalid, Known, parse } from 'mmspec';
 *
 * const { program } = parse('mmspec program 1\n@0 a0 = vmap f0\n@1 read a0\n').entries[0].trace;
 * const known = new Known(DOCUMENTED, program.cpus, program.frames, 4096);
 * console.log(findInvalid(program, known)); // undefined
 * ```
 */
export class Known {
  readonly traits: Traits;
  readonly cpus: number;
  readonly frames: number;
  /** Page size in bytes. */
  readonly page: number;
  /** Pages of a huge page, if a target tells it. It matters only for drawing sizes. */
  readonly huge: number | undefined;
  readonly areas: (KnownArea | undefined)[] = [];
  /** The VMAs of the address space that was entered. */
  vmas: (KnownVma | undefined)[] = [];
  readonly live: Readonly<Record<Origin, KnownArea[]>> = {
    vmap: [],
    put: [],
    ram: [],
    vmalloc: [],
    sparse: [],
  };
  readonly retired: KnownArea[] = [];
  /** Areas that were mapped in a VMA, live or not. */
  readonly inUser: KnownArea[] = [];
  liveVmas: KnownVma[] = [];
  retiredVmas: KnownVma[] = [];
  /** The address spaces that `fork` may have made, by name. */
  readonly spaces: (KnownSpace | undefined)[] = [];
  /** The name of the child that may be running, or -1. */
  child = -1;
  /** The objects, as bits, of which inserted pages may have stayed: a call that takes them away may have failed. */
  stayed = 0;
  /** The name of the address space that was entered, -1 for the first one, and the first one itself. */
  #entered = -1;
  #first: KnownSpace | undefined;

  constructor(traits: Traits, cpus: number, frames: number, page = 4096, huge?: number) {
    this.traits = traits;
    this.cpus = cpus;
    this.frames = frames;
    this.page = page;
    this.huge = huge;
  }

  /** The number of the next name of a kind that no step has bound. */
  nextName(binds: Binds): number {
    return binds === 'a' ? this.areas.length : binds === 'v' ? this.vmas.length : this.spaces.length;
  }

  /** Enters an address space: what follows is about its VMAs. -1 enters the first one. */
  enter(space: number): void {
    if (space === this.#entered) return;
    if (this.#entered < 0) this.#first = { vmas: this.vmas, liveVmas: this.liveVmas, retiredVmas: this.retiredVmas };
    const { vmas, liveVmas, retiredVmas } = space < 0 ? this.#first! : this.spaces[space]!;
    this.vmas = vmas;
    this.liveVmas = liveVmas;
    this.retiredVmas = retiredVmas;
    this.#entered = space;
  }

  /** A fork may have made address space `name`, with a copy of each live VMA. */
  forkProcess(name: number): void {
    const space = copySpace(this, ({ live, dontCopy }) => live && !dontCopy);
    for (const vma of space.liveVmas) if (!space.vmas[vma.next]?.live) vma.next = -1;
    this.spaces[name] = space;
    this.child = name;
  }

  /** The child with this address space ended. */
  exitProcess(name: number): void {
    if (this.child === name) this.child = -1;
  }

  /** An independent copy: what a lane of a parallel block knows. */
  copy(): Known {
    const copy = new Known(this.traits, this.cpus, this.frames, this.page, this.huge);
    for (const area of this.areas) if (area) copy.areas[area.name] = copyArea(area);
    for (const vma of this.vmas) if (vma) copy.vmas[vma.name] = copyVma(vma);
    for (const origin of Object.keys(this.live) as Origin[]) {
      for (const area of this.live[origin]) copy.live[origin].push(copy.areas[area.name]!);
    }
    for (const area of this.retired) copy.retired.push(copy.areas[area.name]!);
    for (const area of this.inUser) copy.inUser.push(copy.areas[area.name]!);
    for (const vma of this.liveVmas) copy.liveVmas.push(copy.vmas[vma.name]!);
    for (const vma of this.retiredVmas) copy.retiredVmas.push(copy.vmas[vma.name]!);
    this.spaces.forEach((space, name) => {
      copy.spaces[name] = space && copySpace(space);
    });
    copy.child = this.child;
    copy.stayed = this.stayed;
    return copy;
  }

  /** A mapping call may have bound area `name`. */
  map(name: number, origin: Origin, frames: readonly FrameId[], pages: number, forUser = false): void {
    const list = this.live[origin];
    const perhaps = origin === 'sparse' ? new Uint8Array(pages) : undefined;
    const area: KnownArea = {
      name,
      origin,
      pages,
      frames,
      forUser,
      perhaps,
      mappedIn: -1,
      readOnly: false,
      resets: false,
      live: true,
      slot: list.length,
    };
    this.areas[name] = area;
    list.push(area);
  }

  /** A mapping call of no pages used up a name without binding it. */
  reserve(name: number, origin: Origin): void {
    this.areas[name] = {
      name,
      origin,
      pages: 0,
      frames: NO_FRAMES,
      forUser: false,
      perhaps: undefined,
      mappedIn: -1,
      readOnly: false,
      resets: false,
      live: false,
      slot: -1,
    };
  }

  /** The area was given back. */
  unmap(name: number): void {
    const area = this.areas[name];
    if (!area?.live) return;
    area.live = false;
    move(area, this.live[area.origin], this.retired);
  }

  /** Pages of an area may have been mapped in VMA `vma`. */
  mapInUser(area: KnownArea, vma: number): void {
    area.mappedIn = vma;
    this.inUser.push(area);
  }

  /** A VMA may have been made. */
  mmap(
    vma: Omit<KnownVma, 'live' | 'slot' | 'row' | 'at' | 'next' | 'perhaps' | 'cut' | 'copied'>,
    after: number,
    mapped: boolean,
  ): void {
    const before = after < 0 ? undefined : this.vmas[after];
    // Field by field, as in `copyVma`.
    const made: KnownVma = {
      name: vma.name,
      pages: vma.pages,
      kinds: vma.kinds,
      shared: vma.shared,
      object: vma.object,
      index: vma.index,
      dontCopy: vma.dontCopy,
      copied: false,
      live: true,
      slot: this.liveVmas.length,
      row: before ? before.row : vma.name,
      at: before ? before.at + before.pages : 0,
      next: -1,
      perhaps: new Uint8Array(vma.pages).fill(mapped ? 1 : 0),
      cut: undefined,
    };
    if (before) before.next = vma.name;
    this.vmas[vma.name] = made;
    this.liveVmas.push(made);
  }

  /** A call that takes pages of a VMA away may fail. Then pages that were inserted stay. */
  mayStay({ object, kinds, perhaps }: KnownVma): void {
    if ((kinds & MIXEDMAP) !== 0 && perhaps.includes(1)) this.stayed |= 1 << object;
  }

  /** The VMA was unmapped. */
  munmap(name: number): void {
    const vma = this.vmas[name];
    if (!vma?.live) return;
    vma.live = false;
    vma.perhaps.fill(0);
    move(vma, this.liveVmas, this.retiredVmas);
    for (const other of this.liveVmas) if (other.next === name) other.next = -1;
  }

  /** A call that is refused used up a name without binding it. */
  reserveVma(name: number): void {
    this.vmas[name] = {
      name,
      pages: 0,
      kinds: PLAIN,
      shared: true,
      object: 0,
      index: 0,
      dontCopy: false,
      copied: false,
      live: false,
      slot: -1,
      row: name,
      at: 0,
      next: -1,
      perhaps: new Uint8Array(0),
      cut: undefined,
    };
  }

  /** The pages `[from, to)` of a VMA were unmapped, and are no part of it any more. */
  cut(name: number, from: number, to: number): void {
    const vma = this.vmas[name]!;
    this.mayStay(vma);
    vma.cut ??= new Uint8Array(vma.pages);
    vma.cut.fill(1, from, to);
    vma.perhaps.fill(0, from, to);
    if (!vma.cut.includes(0)) this.munmap(name);
  }
}
