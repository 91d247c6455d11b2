import type { Step } from '../../../reference/calls/call.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { type FrameId, isPoolFrame } from '../../../reference/notation/frame.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';

/** A kernel area as a trace shows it. */
interface Area {
  readonly start: number;
  readonly pages: number;
  readonly frames: readonly FrameId[];
  readonly cpu: number;
  readonly small: boolean;
  live: boolean;
  /** Flushes that had been called when it was given back. */
  flushes: number;
}

/** Pages of one retired area that are remembered; reuse mostly starts where an old area started. */
const REMEMBERED = 64;

/** Follows the kernel side of one trace, and tells which goals it reaches. */
export class KernelGoals {
  readonly #hit: (goal: string) => void;
  readonly #page: number;
  readonly #areas: (Area | undefined)[] = [];
  readonly #retired = new Map<number, Area>();
  readonly #mapped = new Map<FrameId, number>();
  /** Pages live in small areas, by CPU. */
  readonly #small: number[] = [];
  /** Stale views that were seen, `cpu:address`, with the flushes called before. */
  readonly #stale = new Map<string, number>();
  #flushes = 0;

  constructor(hit: (goal: string) => void, page: number) {
    this.#hit = hit;
    this.#page = page;
  }

  see(step: Step, outcome: Outcome): void {
    const { name, binds, effect } = step.call;
    if (binds === 'a') this.#map(step, outcome);
    else if (name === 'read') this.#read(step, outcome);
    else if (effect === 'flushes') this.#flushes++;
    else if (effect === 'ends' && outcome.kind === 'ok') this.#unmap(step);
  }

  #map(step: Step, outcome: Outcome): void {
    const [what] = step.args;
    const frames = Array.isArray(what) ? (what as readonly FrameId[]) : [];
    if (outcome.kind === 'null' && (frames.length > 0 || (typeof what === 'number' && what > 0)))
      this.#hit('null-return');
    if (outcome.kind !== 'address') return;
    const pages = typeof what === 'number' ? Math.ceil(what / this.#page) : frames.length;
    const small = step.call.origin === 'ram' && pages <= 64;
    const area: Area = { start: outcome.value, pages, frames, cpu: step.cpu, small, live: true, flushes: 0 };
    this.#areas[step.binds] = area;
    if (pages >= 512) this.#hit('large-area');
    if (small && (this.#small[step.cpu] = (this.#small[step.cpu] ?? 0) + pages) >= 256) this.#hit('small-areas');
    for (const frame of new Set(frames)) {
      const times = (this.#mapped.get(frame) ?? 0) + 1;
      this.#mapped.set(frame, times);
      if (times > 1 && isPoolFrame(frame)) this.#hit('alias');
    }
    const before = this.#retired.get(area.start);
    if (before) this.#hit(before.flushes < this.#flushes ? 'reuse-flushed' : 'reuse-unflushed');
  }

  #unmap(step: Step): void {
    const { base, index } = step.args[0] as Address;
    const area = base === 'a' ? this.#areas[index] : undefined;
    if (!area?.live) return;
    area.live = false;
    area.flushes = this.#flushes;
    if (area.cpu !== step.cpu) this.#hit('unmap-elsewhere');
    if (area.small) this.#small[area.cpu] -= area.pages;
    for (const frame of new Set(area.frames)) this.#mapped.set(frame, this.#mapped.get(frame)! - 1);
    for (let page = 0; page < Math.min(area.pages, REMEMBERED); page++) this.#retired.set(area.start + page, area);
  }

  #read(step: Step, outcome: Outcome): void {
    const { base, index, offset } = step.args[0] as Address;
    const area = base === 'a' ? this.#areas[index] : undefined;
    if (!area) return;
    const page = Math.floor(offset / this.#page);
    if (area.live) {
      if (page === area.pages) this.#hit('guard-read');
      return;
    }
    if (page < 0 || page >= area.pages) return;
    const view = `${step.cpu}:${index}:${page}`;
    const seen = this.#stale.get(view);
    if (seen !== undefined && seen < this.#flushes) this.#hit('stale-flushed');
    if (outcome.kind === 'frame' && outcome.value === area.frames[page]) {
      this.#hit('stale-view');
      if (seen === undefined) this.#stale.set(view, this.#flushes);
    } else if (seen === this.#flushes) this.#hit('stale-vanished');
  }
}
