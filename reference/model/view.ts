import type { FrameId } from '../notation/frame.ts';
import type { Life } from './kernel/life.ts';
import type { Lives } from './kernel/lives.ts';
import type { Model } from './model.ts';
import type { PageHistory } from './user/block.ts';
import { statesNow } from './user/order.ts';
import { framesAt, type Vma } from './user/vma.ts';
import type { Vmas } from './user/vmas.ts';

/** No frame: nothing is mapped at a page. */
export const NOTHING = -1;

/** What a page maps: a frame, NOTHING, or a list (ascending) if overlapping calls leave several possibilities. */
export type PageState = FrameId | readonly FrameId[];

/** The name of a range: `a0`, `v1`, `v1 in m0`. */
export const rangeName = (base: string, index: number, space: number): string =>
  space < 0 ? `${base}${index}` : `${base}${index} in m${space}`;

/** A kernel area or a user VMA, as the model knows it now. */
export interface MappedRange {
  /** `a0`, `v1`, `v1 in m0`. */
  readonly name: string;
  /** The address space of a VMA, by the number of its name; -1 for the first one, and for areas. */
  readonly space: number;
  /** Page number of its start; length in pages. */
  readonly start: number;
  readonly pages: number;
  /** True until its unmapping call has returned. */
  readonly live: boolean;
  /** What each page maps. For an area that was unmapped: what it mapped before. */
  readonly frames: readonly PageState[];
  /** Whether a page (0 is the first one) maps a frame, or may map it. */
  maps(page: number, frame: FrameId): boolean;
  /**
   * Whether some CPU may still reach a page of a range whose unmapping call has returned: by an old translation, or since
   * a worker has not unmapped it yet.
   */
  lingers(page: number): boolean;
}

class AreaView implements MappedRange {
  readonly name: string;
  readonly space = -1;
  readonly #life: Life;
  readonly #lives: Lives;

  constructor(life: Life, lives: Lives) {
    this.name = `a${life.name}`;
    this.#life = life;
    this.#lives = lives;
  }

  get start(): number {
    return this.#life.start;
  }

  get pages(): number {
    return this.#life.pages;
  }

  get live(): boolean {
    return this.#life.unmapped > this.#lives.model.now && !this.#life.deferred;
  }

  get frames(): readonly FrameId[] {
    const { frames, parts, pages } = this.#life;
    if (!parts) return frames;
    return Array.from({ length: pages }, (_, page) => this.#part(page)?.frames[0] ?? NOTHING);
  }

  maps(page: number, frame: FrameId): boolean {
    const { frames, parts } = this.#life;
    return (parts ? this.#part(page)?.frames[0] : frames[page]) === frame;
  }

  lingers(page: number): boolean {
    const { deferred, parts } = this.#life;
    if (parts) return !this.live && this.#part(page) !== undefined && this.#lives.mayLinger(parts[page]!, 0);
    return deferred || (!this.live && this.#lives.mayLinger(this.#life, page));
  }

  /** What a page of a sparse area maps, or mapped when the area was freed. */
  #part(page: number): Life | undefined {
    const part = this.#life.parts?.[page];
    return part?.removal?.access === undefined ? part : undefined;
  }
}

/** The states of a page within a block. They change only when an operation is added or returns. */
interface Known {
  readonly operations: number;
  readonly returned: number;
  readonly states: readonly FrameId[];
}

class VmaView implements MappedRange {
  readonly name: string;
  readonly space: number;
  readonly #known = new WeakMap<PageHistory, Known>();
  readonly #vma: Vma;
  readonly #vmas: Vmas;

  constructor(vma: Vma, vmas: Vmas, space: number) {
    this.name = rangeName('v', vma.name, space);
    this.space = space;
    this.#vma = vma;
    this.#vmas = vmas;
  }

  get start(): number {
    return this.#vma.start;
  }

  get pages(): number {
    return this.#vma.pages;
  }

  get live(): boolean {
    return this.#vma.live || this.#vmas.block?.isLeaving(this.#vma) === true;
  }

  get frames(): readonly PageState[] {
    return Array.from({ length: this.pages }, (_, page) => {
      const states = [...new Set(this.#states(page))];
      return states.length === 1 ? states[0] : states.sort((a, b) => a - b);
    });
  }

  maps(page: number, frame: FrameId): boolean {
    return this.#states(page).includes(frame);
  }

  lingers(): boolean {
    return false;
  }

  #states(page: number): readonly FrameId[] {
    const history = this.#vmas.block?.historyOf(this.#vma, page);
    if (history) return this.#within(history);
    return framesAt(this.#vma, page);
  }

  #within(history: PageHistory): readonly FrameId[] {
    const { now } = this.#vmas.model;
    const operations = history.operations.length;
    const returned = history.operations.filter((one) => one.returned <= now).length;
    let known = this.#known.get(history);
    if (known?.operations !== operations || known.returned !== returned) {
      known = { operations, returned, states: statesNow(now, history) };
      this.#known.set(history, known);
    }
    return known.states;
  }
}

/** What is mapped, as a model knows it at the moment. Copy what you need later. */
export class ModelView {
  readonly #model: Model;
  readonly #ranges: MappedRange[] = [];
  readonly #seen = new Set<Life | Vma>();

  constructor(model: Model) {
    this.#model = model;
  }

  /** All areas and VMAs, live or unmapped, in the order in which they were first seen. */
  get ranges(): readonly MappedRange[] {
    const { kernel, user, spaces } = this.#model;
    for (const life of kernel.named) if (this.#isNew(life)) this.#ranges.push(new AreaView(life, kernel));
    for (const vma of user.named) if (this.#isNew(vma)) this.#ranges.push(new VmaView(vma, user, -1));
    spaces.forEach((space, name) => {
      for (const vma of space?.named ?? []) if (this.#isNew(vma)) this.#ranges.push(new VmaView(vma, space!, name));
    });
    return this.#ranges;
  }

  #isNew<T extends Life | Vma>(range: T | undefined): range is T {
    if (range === undefined || this.#seen.has(range)) return false;
    this.#seen.add(range);
    return true;
  }
}
