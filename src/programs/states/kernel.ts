import type { Step } from '../../../reference/calls/call.ts';
import { type FrameId, isPoolFrame } from '../../../reference/notation/frame.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';
import { argumentOf, namedAddresses } from '../arguments.ts';
import { isRead } from '../look.ts';

/** A kernel area, as far as a trace shows it. */
interface Area {
  readonly start: number;
  readonly pages: number;
  readonly frames: readonly FrameId[];
  /** The CPU that mapped it. */
  readonly cpu: number;
  /** Small enough for the per-CPU blocks of vm_map_ram. */
  readonly small: boolean;
  live: boolean;
  /** Flush calls before it was unmapped. */
  flushes: number;
}

/** Pages of an unmapped area that are remembered. A new area mostly starts where an old one started. */
const REMEMBERED_PAGES = 64;
/** Pages of the largest area that comes from a per-CPU block. */
const MAX_SMALL_PAGES = 64;
/** Pages in small areas that fill the blocks of a CPU. */
const BLOCK_PAGES = 256;
/** Pages of a huge page. */
const HUGE_PAGES = 512;

/** Follows the kernel side of one trace, and reports the goals that it reaches. */
export class KernelGoals {
  readonly #hit: (goal: string) => void;
  /** In bytes. */
  readonly #page: number;
  readonly #areas: (Area | undefined)[] = [];
  /** Unmapped areas by the addresses of their pages. */
  readonly #unmapped = new Map<number, Area>();
  /** How many live areas map a frame. */
  readonly #mapped = new Map<FrameId, number>();
  /** Pages live in small areas, by CPU. */
  readonly #small: number[] = [];
  /** Stale views, by CPU and page, with the number of flush calls before each was first seen. */
  readonly #stale = new Map<string, number>();
  #flushes = 0;

  constructor(hit: (goal: string) => void, page: number) {
    this.#hit = hit;
    this.#page = page;
  }

  see(step: Step, outcome: Outcome): void {
    const { call } = step;
    if (call.binds === 'a') this.#map(step, outcome);
    else if (isRead(call)) this.#read(step, outcome);
    else if (call.effect === 'flushes') this.#flushes++;
    else if (call.effect === 'ends' && outcome.kind === 'ok') this.#unmap(step);
  }

  #map(step: Step, outcome: Outcome): void {
    const frames = argumentOf(step, 'frames') ?? [];
    const pages = Math.max(frames.length, Math.ceil((argumentOf(step, 'bytes') ?? 0) / this.#page));
    if (outcome.kind === 'null' && pages > 0) this.#hit('null-return');
    if (outcome.kind !== 'address') return;
    const small = step.call.origin === 'ram' && pages <= MAX_SMALL_PAGES;
    const area: Area = { start: outcome.value, pages, frames, cpu: step.cpu, small, live: true, flushes: 0 };
    this.#areas[step.binds] = area;
    if (pages >= HUGE_PAGES) this.#hit('large-area');
    if (small && (this.#small[step.cpu] = (this.#small[step.cpu] ?? 0) + pages) >= BLOCK_PAGES)
      this.#hit('small-areas');
    for (const frame of new Set(frames)) {
      const times = (this.#mapped.get(frame) ?? 0) + 1;
      this.#mapped.set(frame, times);
      if (times > 1 && isPoolFrame(frame)) this.#hit('alias');
    }
    const before = this.#unmapped.get(area.start);
    if (before) this.#hit(before.flushes < this.#flushes ? 'reuse-flushed' : 'reuse-unflushed');
  }

  #unmap(step: Step): void {
    const area = this.#named(step)?.area;
    if (!area?.live) return;
    area.live = false;
    area.flushes = this.#flushes;
    if (area.cpu !== step.cpu) this.#hit('unmap-elsewhere');
    if (area.small) this.#small[area.cpu] -= area.pages;
    for (const frame of new Set(area.frames)) this.#mapped.set(frame, this.#mapped.get(frame)! - 1);
    for (let page = 0; page < Math.min(area.pages, REMEMBERED_PAGES); page++)
      this.#unmapped.set(area.start + page, area);
  }

  #read(step: Step, outcome: Outcome): void {
    const { area, name, page } = this.#named(step) ?? {};
    if (!area || page === undefined) return;
    if (area.live) {
      if (page === area.pages) this.#hit('guard-read');
      return;
    }
    if (page < 0 || page >= area.pages) return;
    const view = `${step.cpu}:${name}:${page}`;
    const seen = this.#stale.get(view);
    if (seen !== undefined && seen < this.#flushes) this.#hit('stale-flushed');
    if (outcome.kind === 'frame' && outcome.value === area.frames[page]) {
      this.#hit('stale-view');
      if (seen === undefined) this.#stale.set(view, this.#flushes);
    } else if (seen === this.#flushes) this.#hit('stale-vanished');
  }

  /** The area that a step names first, and the page in it. */
  #named(step: Step): { area: Area; name: number; page: number } | undefined {
    const [address] = namedAddresses(step);
    const area = address?.base === 'a' ? this.#areas[address.index] : undefined;
    return area && { area, name: address.index, page: Math.floor(address.offset / this.#page) };
  }
}
