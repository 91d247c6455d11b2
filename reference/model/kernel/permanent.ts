import * as common from '../../clauses/common.ts';
import { type FrameId, isPoolFrame, printFrame } from '../../notation/frame.ts';
import { type Outcome, printLocation } from '../../notation/outcome.ts';
import type { Judgement } from '../judgement.ts';
import type { Mapping } from '../promises.ts';

/**
 * The permanent map of all memory, for the trait `single_page=permanent`: a mapping of one page returns the address that
 * the page has there. No call maps or unmaps it, and no flush changes it.
 */
export class PermanentMap {
  readonly #model: Judgement;
  /** The page number of frame 0. The first address shows it, because the frames of the pool are contiguous. */
  #base: number | undefined;
  /** The frame of each area that lies in the permanent map, by name. */
  readonly #areas = new Map<number, FrameId>();

  constructor(model: Judgement) {
    this.#model = model;
  }

  /** Whether an area lies in the permanent map. */
  has(name: number): boolean {
    return this.#areas.has(name);
  }

  /** Whether a mapping call takes its page from the permanent map. */
  takes(frames: readonly FrameId[], { origin }: Mapping): boolean {
    return frames.length === 1 && origin !== 'vmalloc';
  }

  /** A mapping call of one page returned an address. */
  map(name: number, outcome: Outcome, frame: FrameId): void {
    const model = this.#model;
    this.#areas.set(name, frame);
    const window = model.windows.get('kernel');
    const inside = window && outcome.value >= window.start && outcome.value < window.end;
    if (outcome.extra !== 0 || inside)
      return model.violate(common.PERMANENT_PLACE, 'a page-aligned address outside the kernel window');
    const right = this.#base === undefined ? outcome.value : this.#base + frame;
    this.#base ??= outcome.value - frame;
    model.expect(
      common.PERMANENT_PLACE,
      outcome.value === right,
      () => `${printLocation(right, 0, model.page)}, where ${printFrame(frame)} is mapped permanently`,
    );
  }

  /** Judges what a CPU reached at page `page` counted from the start of an area in the permanent map. */
  observe(name: number, page: number): void {
    const model = this.#model;
    const { outcome } = model;
    const frame = this.#areas.get(name)! + page;
    const right = outcome.kind === 'frame' && outcome.value === frame;
    // The pages beside it may be other memory.
    if (page !== 0 && (outcome.kind !== 'frame' || !isPoolFrame(outcome.value))) return;
    model.expect(common.PERMANENT, right, () => `${printFrame(frame)}, which is mapped permanently`);
    if (!right) return;
    if (model.write < 0) model.showEffect(model.call);
    model.touch(frame);
  }
}
