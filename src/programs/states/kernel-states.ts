import type { Step } from '../../../reference/calls/call.ts';
import type { FrameId } from '../../../reference/notation/frame.ts';
import type { Sizes } from '../../targets/sizes.ts';
import { Fill, type Phases, type Reached } from './fill.ts';
import { at, firstAddress, type InRange, layoutOf } from './layout.ts';

const AREAS: Phases = {
  one: 'areas-one',
  some: 'areas-some',
  many: 'areas-many',
  oneBack: 'areas-one-given-back',
  allButOneBack: 'areas-all-but-one-given-back',
  emptied: 'areas-emptied',
};
const BLOCK: Phases = {
  one: 'block-one',
  some: 'block-some',
  allButOne: 'block-all-but-one',
  full: 'block-full',
  oneBack: 'block-one-given-back',
  allButOneBack: 'block-all-but-one-given-back',
  emptied: 'block-emptied',
};
/** How many areas count as many. */
const MANY_AREAS = 17;

/** A block of small mappings. */
class Block extends Fill {
  /** Pages that were allocated, given back or not. */
  used = 0;
}

/** An area that may be live. */
class Area extends Fill {
  readonly pages: number;
  readonly block: Block | undefined;
  live = true;

  constructor(pages: number, block: Block | undefined) {
    super();
    this.pages = pages;
    this.block = block;
  }
}

/** Follows the kernel side of a program as it was drawn: every call is taken to succeed. */
export class KernelStates {
  readonly #reached: Reached;
  readonly #sizes: Sizes;
  /** In bytes. */
  readonly #page: number;
  readonly #areas: (Area | undefined)[] = [];
  readonly #all = new Fill();
  readonly #lazy = new Fill();
  #lazyAreas = 0;
  #livePages = 0;
  /** The last block of each CPU, and each CPU's old translations. */
  readonly #blocks: (Block | undefined)[] = [];
  readonly #old: Fill[] = [];

  constructor(reached: Reached, sizes: Sizes, page: number) {
    this.#reached = reached;
    this.#sizes = sizes;
    this.#page = page;
  }

  see(step: Step): void {
    const { call } = step;
    if (call.effect === 'moves') this.#unmap(step);
    if (call.binds === 'a') this.#map(step);
    else if (call.effect === 'ends') this.#unmap(step);
    else if (call.effect === 'flushes') this.#flush();
  }

  /** A CPU looks at an address. */
  look(address: InRange, cpu: number): void {
    const area = this.#areas[address.index];
    if (!area) return;
    const reached = this.#reached;
    reached.look(area, cpu);
    reached.look(this.#all, cpu);
    if (area.block) reached.look(area.block, cpu);
    reached.look(this.#lazy, cpu);
    reached.look(this.#oldOf(cpu), cpu);
  }

  #oldOf(cpu: number): Fill {
    this.#old[cpu] ??= new Fill();
    return this.#old[cpu];
  }

  #map(step: Step): void {
    const layout = layoutOf(step.call);
    const frames = at<readonly FrameId[]>(step, layout.frames);
    const pages = frames ? frames.length : Math.ceil((at<number>(step, layout.bytes) ?? 0) / this.#page);
    if (pages === 0) return;
    const small = step.call.origin === 'ram' && pages <= this.#sizes.block / 4;
    const block = small ? this.#allocate(step.cpu, slotOf(pages)) : undefined;
    this.#areas[step.binds] = new Area(pages, block);
    this.#livePages += pages;
    if (this.#livePages + this.#lazy.held >= this.#sizes.arena) this.#reached.phase('arena-full', this.#all);
    this.#reached.add(this.#all, 1, AREAS, MANY_AREAS);
  }

  #allocate(cpu: number, slot: number): Block {
    const { block: capacity } = this.#sizes;
    let block = this.#blocks[cpu];
    if (!block || block.used + slot > capacity) {
      block = new Block();
      // Nobody can have looked at a new block, but its translations may collide with those of other areas.
      block.seen = this.#all.seen;
      this.#blocks[cpu] = block;
    }
    block.used += slot;
    // What was given back is not allocated again, so it still takes up room.
    const given = block.used - slot - block.held;
    this.#reached.add(block, slot, BLOCK, Number.POSITIVE_INFINITY, capacity - given);
    block.most = block.used;
    return block;
  }

  #unmap(step: Step): void {
    const address = firstAddress(step);
    const area = address?.base === 'a' ? this.#areas[address.index] : undefined;
    if (!area?.live) return;
    area.live = false;
    this.#livePages -= area.pages;
    const reached = this.#reached;
    for (let cpu = 0, seen = area.seen; seen !== 0; cpu++, seen >>>= 1) {
      if ((seen & 1) !== 0) {
        const old = this.#oldOf(cpu);
        old.seen |= 1 << cpu;
        reached.add(old, 1, { one: 'translations-one', some: 'translations-some' });
      }
    }
    if (area.block) this.#giveBack(area.block, slotOf(area.pages));
    else this.#defer(area.pages + 1, area.seen);
    reached.remove(this.#all, 1, AREAS);
  }

  #giveBack(block: Block, slot: number): void {
    const { block: capacity } = this.#sizes;
    this.#reached.remove(block, slot, BLOCK, capacity);
    if (block.used === capacity && block.held === 0) this.#defer(capacity, block.seen);
  }

  #defer(pages: number, seen: number): void {
    const lazy = this.#lazy;
    const { lazy: threshold } = this.#sizes;
    lazy.held += pages;
    lazy.seen |= seen;
    this.#lazyAreas++;
    const { held } = lazy;
    const reached = this.#reached;
    if (held > threshold) {
      reached.phase('lazy-crossed', lazy);
      lazy.held = 0;
      this.#lazyAreas = 0;
    } else if (held === threshold) reached.phase('lazy-full', lazy);
    else if (held + 2 >= threshold) reached.phase('lazy-all-but-one', lazy);
    else if (this.#lazyAreas >= MANY_AREAS) reached.phase('lazy-many', lazy);
    else reached.phase(this.#lazyAreas > 1 ? 'lazy-some' : 'lazy-one', lazy);
  }

  #flush(): void {
    this.#reached.phase(this.#lazy.held > 0 ? 'lazy-emptied' : 'lazy-empty', this.#lazy);
    this.#lazy.held = 0;
    this.#lazyAreas = 0;
    for (const old of this.#old) {
      if (old && old.held > 0) this.#reached.phase('translations-emptied', old);
      if (old) old.held = 0;
    }
  }
}

/** The pages that a small mapping takes in a block. */
const slotOf = (pages: number): number => (pages < 3 ? pages : 1 << (32 - Math.clz32(pages - 1)));
