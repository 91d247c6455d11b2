import type { Step } from '../../../reference/calls/call.ts';
import { runsIn } from '../../../reference/calls/spaces.ts';
import type { Address } from '../../../reference/notation/address.ts';
import type { FrameId } from '../../../reference/notation/frame.ts';
import type { Sizes } from '../../targets/sizes.ts';
import { namedAddresses } from '../arguments.ts';
import { Fill, type Phases, type Reached } from './fill.ts';
import { at, firstAddress, type InRange, layoutOf } from './layout.ts';

const OBJECT: Phases = {
  one: 'object-one',
  some: 'object-some',
  many: 'object-many',
  oneBack: 'object-one-given-back',
  allButOneBack: 'object-all-but-one-given-back',
  emptied: 'object-emptied',
};
/** Only the phases of filling up: a call may unmap several pages, so `#unmap` tells the others itself. */
const VMA: Phases = {
  one: 'vma-one',
  some: 'vma-some',
  allButOne: 'vma-all-but-one',
  full: 'vma-full',
};
const FRAME: Phases = {
  one: 'frame-one',
  some: 'frame-some',
  many: 'frame-many',
  oneBack: 'frame-one-given-back',
  allButOneBack: 'frame-all-but-one-given-back',
  emptied: 'frame-emptied',
};
/** How many VMAs of an object, and how many mappings of a frame, count as many. */
const MANY_VMAS = 9;
const MANY_MAPPINGS = 256;
/** A range with at least this many pages for each mapped one counts as mostly empty. */
const MOSTLY_EMPTY = 8;

/** A VMA that may be live. */
class Vma extends Fill {
  readonly pages: number;
  readonly object: number;
  /** Index of its first page in the object. */
  readonly index: number;
  /**
   * The frame of each page plus 1; negative where it was unmapped, 0 where no frame was mapped. Made when the first page
   * is mapped.
   */
  frames: Int32Array | undefined;
  neighbour = false;
  live = true;

  constructor(pages: number, object: number, index: number) {
    super();
    this.pages = pages;
    this.object = object;
    this.index = index;
  }
}

/** Follows the user side of a program as it was drawn: every call is taken to succeed. */
export class UserStates {
  readonly #reached: Reached;
  readonly #sizes: Sizes;
  /** In bytes. */
  readonly #page: number;
  readonly #vmas: (Vma | undefined)[] = [];
  readonly #objects: (Fill | undefined)[] = [];
  readonly #frames: (Fill | undefined)[] = [];

  constructor(reached: Reached, sizes: Sizes, page: number) {
    this.#reached = reached;
    this.#sizes = sizes;
    this.#page = page;
  }

  /** A step returned. States of a child's VMAs do not count. */
  see(step: Step): void {
    if (runsIn(step) >= 0) return;
    const { effect } = step.call;
    if (effect === 'makes') this.#create(step);
    else if (effect === 'ends') this.#end(step);
    else if (effect === 'fills') this.#fill(step);
    else if (effect === 'empties') this.#empty(step);
  }

  /** A CPU looks at an address. What was mapped there before counts too: an old translation would lead there. */
  look(address: InRange, cpu: number): void {
    const vma = this.#vmas[address.index];
    if (!vma) return;
    this.#reached.look(vma, cpu);
    this.#reached.look(this.#objectOf(vma.object), cpu);
    const frame = vma.frames?.[Math.floor(address.offset / this.#page)] ?? 0;
    if (frame !== 0) this.#reached.look(this.#frameOf(Math.abs(frame)), cpu);
  }

  #objectOf(object: number): Fill {
    this.#objects[object] ??= new Fill();
    return this.#objects[object];
  }

  #frameOf(frame: number): Fill {
    this.#frames[frame] ??= new Fill();
    return this.#frames[frame];
  }

  #create(step: Step): void {
    const reached = this.#reached;
    const { table } = this.#sizes;
    const layout = layoutOf(step.call);
    const object = at<Address>(step, layout.object) as Extract<Address, { index: number }>;
    const vma = new Vma(at<number>(step, layout.pages) ?? 0, object.index, object.offset / this.#page);
    // Nobody can have looked at a new VMA: what counts is who looked at its object.
    vma.seen = this.#objectOf(vma.object).seen;
    this.#vmas[step.binds] = vma;
    const [after] = namedAddresses(step);
    const before = after && this.#vmas[after.index];
    if (before) {
      before.neighbour = true;
      vma.neighbour = true;
      if (before.object === vma.object && before.index + before.pages === vma.index)
        reached.phase('tables-neighbours-continue', before);
    }
    if (vma.pages >= table) reached.phase('tables-crossed', vma);
    if (vma.pages >= 2 * table) reached.phase('tables-spanned', vma);
    reached.add(this.#objectOf(vma.object), 1, OBJECT, MANY_VMAS);
    const frame = at<FrameId>(step, layout.frame);
    if (frame === undefined) reached.phase('vma-empty', vma);
    else this.#map(vma, 0, vma.pages, (page) => frame + page);
  }

  #end(step: Step): void {
    const index = firstAddress(step)?.index ?? -1;
    const vma = this.#vmas[index];
    if (!vma?.live) return;
    if (vma.neighbour) this.#reached.phase('tables-neighbours-unmapped', vma);
    this.#unmap(vma, 0, vma.pages);
    vma.live = false;
    this.#reached.remove(this.#objectOf(vma.object), 1, OBJECT);
  }

  /** The VMA that a step names, and the range of its pages that the step is about. */
  #range(step: Step): { vma: Vma; from: number; to: number } | undefined {
    const layout = layoutOf(step.call);
    const address = at<Address>(step, layout.address);
    const vma = address?.base === 'v' ? this.#vmas[address.index] : undefined;
    if (!vma?.live) return undefined;
    const from = Math.floor(address!.offset / this.#page);
    const bytes = at<number>(step, layout.bytes);
    const to =
      from + (bytes === undefined ? (at<readonly FrameId[]>(step, layout.frames)?.length ?? 1) : bytes / this.#page);
    return from >= 0 && to <= vma.pages ? { vma, from, to } : undefined;
  }

  #fill(step: Step): void {
    const range = this.#range(step);
    const layout = layoutOf(step.call);
    const frames = at<readonly FrameId[]>(step, layout.frames);
    const frame = at<FrameId>(step, layout.frame);
    if (!range) return;
    const { vma, from, to } = range;
    if (frames) this.#map(vma, from, to, (page) => frames[page - from]);
    else if (frame !== undefined) this.#map(vma, from, to, (page) => frame + page - from);
  }

  #empty(step: Step): void {
    const range = this.#range(step);
    if (range) return this.#unmap(range.vma, range.from, range.to);
    const layout = layoutOf(step.call);
    const object = at<Address>(step, layout.object) as Extract<Address, { index: number }> | undefined;
    if (!object) return;
    const first = Math.floor(object.offset / this.#page);
    const length = Math.ceil((at<number>(step, layout.bytes) ?? 0) / this.#page);
    for (const vma of this.#vmas) {
      if (!vma?.live || vma.object !== object.index) continue;
      const from = Math.max(0, first - vma.index);
      const to = length === 0 ? vma.pages : Math.min(vma.pages, first + length - vma.index);
      if (from < to) this.#unmap(vma, from, to);
    }
  }

  /** Whether a range has pages on both sides of a distance of one page table from the start of its VMA. */
  #across(from: number, to: number): boolean {
    return from < this.#sizes.table - 1 && to > this.#sizes.table;
  }

  /** `frameOf`: the frame that a page of the VMA maps. */
  #map(vma: Vma, from: number, to: number, frameOf: (page: number) => FrameId): void {
    vma.frames ??= new Int32Array(vma.pages);
    const { frames } = vma;
    let mapped = 0;
    for (let page = from; page < to; page++) {
      if (frames[page] > 0) continue;
      const one = frameOf(page) + 1;
      frames[page] = one;
      mapped++;
      const fill = this.#frameOf(one);
      fill.seen |= vma.seen;
      this.#reached.add(fill, 1, FRAME, MANY_MAPPINGS);
    }
    if (mapped === 0) return;
    if (this.#across(from, to)) this.#reached.phase('tables-filled-across', vma);
    // Page by page, so that several pages in one call are not taken for the first one.
    vma.held += mapped - 1;
    this.#reached.add(vma, 1, VMA, Number.POSITIVE_INFINITY, vma.pages);
  }

  #unmap(vma: Vma, from: number, to: number): void {
    const { frames } = vma;
    if (!frames) return;
    let unmapped = 0;
    for (let page = from; page < to; page++) {
      const one = frames[page];
      if (one <= 0) continue;
      frames[page] = -one;
      unmapped++;
      this.#reached.remove(this.#frameOf(one), 1, FRAME);
    }
    if (unmapped === 0) return;
    if (this.#across(from, to)) this.#reached.phase('tables-emptied-across', vma);
    if (to - from >= this.#sizes.table && MOSTLY_EMPTY * unmapped <= to - from)
      this.#reached.phase('tables-emptied-over-hole', vma);
    const wasFull = vma.held === vma.pages;
    const left = vma.held - unmapped;
    if (vma.most === vma.pages && vma.pages > 1) {
      if (left === 0) this.#reached.phase('vma-emptied', vma);
      else if (left === 1 && vma.pages > 2) this.#reached.phase('vma-all-but-one-given-back', vma);
      else if (wasFull && unmapped === 1) this.#reached.phase('vma-one-given-back', vma);
    }
    vma.held = left;
    if (left === 0) vma.most = 0;
  }
}
