import type { Step } from '../../../reference/calls/call.ts';
import type { Address } from '../../../reference/notation/address.ts';
import { areaFrame, type FrameId, isPoolFrame, vmaFrame } from '../../../reference/notation/frame.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';
import type { Traits } from '../../../reference/profiles/traits.ts';

/** No frame: nothing is mapped at the page. */
export const NOTHING = -1;

/**
 * - `live`: mapped.
 * - `ended`: its unmapping call has returned; translations may linger.
 * - `gone`: no CPU may use a translation of it any more.
 */
export type RangeState = 'live' | 'ended' | 'gone';

/** A kernel area or a user VMA, from the step that made it on. */
export interface Range {
  /** `a0`, `v1`. */
  readonly name: string;
  readonly side: 'a' | 'v';
  /** Page number of its start; length in pages. */
  readonly start: number;
  readonly pages: number;
  /** What each page maps; a new array whenever it changes. */
  frames: readonly FrameId[];
  state: RangeState;
  /** When the unmapping call returned. */
  ended: number;
}

/** A VMA as far as calls treat it differently. */
interface Vma extends Range {
  kind: string;
  readonly shared: boolean;
  readonly object: number;
  /** Index in the object of the first page, -1 for a private remap. */
  readonly index: number;
}

/**
 * What a trace says about the state: areas and VMAs, and what they map. It believes every outcome, so that it can be
 * shown for wrong ones too; judging is the reference's business.
 */
export class World {
  readonly #traits: Traits;
  /** Page size in bytes. */
  readonly page: number;
  /** In the order of their birth. */
  readonly ranges: Range[] = [];
  readonly #areas: (Range | undefined)[] = [];
  readonly #vmas: (Vma | undefined)[] = [];

  constructor(traits: Traits, page: number) {
    this.#traits = traits;
    this.page = page;
  }

  /** The range that a name stands for, if its step bound it. */
  named(address: Address): Range | undefined {
    if (address.base === 'a') return this.#areas[address.index];
    return address.base === 'v' ? this.#vmas[address.index] : undefined;
  }

  /** The page number that an address lies in; undefined for literals and unbound names. */
  locate(address: Address): number | undefined {
    const range = this.named(address);
    return range && range.start + Math.floor(address.offset / this.page);
  }

  /** The newest range that has the page. */
  newest(location: number): Range | undefined {
    return this.ranges.findLast((range) => location >= range.start && location < range.start + range.pages);
  }

  /** A step returned with `outcome`; `called` and `returned` are its times. */
  apply(step: Step, outcome: Outcome, called: number, returned: number): void {
    const effect = EFFECTS[step.call.name];
    if (effect && !IDLE.has(outcome.kind)) effect(this, step, outcome, called, returned);
  }

  area(name: number, outcome: Outcome, frames: readonly FrameId[]): void {
    if (outcome.kind !== 'address') return;
    const made: Range = {
      name: `a${name}`,
      side: 'a',
      start: outcome.value,
      pages: frames.length,
      frames,
      state: 'live',
      ended: Number.POSITIVE_INFINITY,
    };
    this.#reuse(made);
    this.#areas[name] = made;
    this.ranges.push(made);
  }

  /** Addresses that are mapped anew: what was there may not be reached any more. */
  #reuse(made: Range): void {
    for (const range of this.ranges) {
      const apart = range.start >= made.start + made.pages || made.start >= range.start + range.pages;
      if (!apart && range.state === 'ended') range.state = 'gone';
    }
  }

  endArea(address: Address, returned: number): void {
    const area = this.named(address);
    if (!area) return;
    area.ended = returned;
    area.state = this.#traits.tlb === 'before-return' ? 'gone' : 'ended';
  }

  /** `vm_unmap_aliases`, called at `called`, has returned. */
  flush(called: number): void {
    if (this.#traits.tlb === 'never') return;
    for (const range of this.ranges) if (range.state === 'ended' && range.ended < called) range.state = 'gone';
  }

  vma(step: Step, outcome: Outcome): void {
    if (outcome.kind !== 'address') return;
    const [object, pages, kind, share, remap] = step.args as [Address, number, string, string, FrameId | undefined];
    const shared = share === 'shared';
    const frames = Array.from({ length: pages }, (_, page) => (remap === undefined ? NOTHING : remap + page));
    const made: Vma = {
      name: `v${step.binds}`,
      side: 'v',
      start: outcome.value,
      pages,
      frames,
      state: 'live',
      ended: Number.POSITIVE_INFINITY,
      kind,
      shared,
      object: object.index,
      index: remap !== undefined && !shared ? -1 : object.offset / this.page,
    };
    this.#vmas[step.binds] = made;
    this.ranges.push(made);
  }

  vmaOf(address: Address): Vma | undefined {
    return address.base === 'v' ? this.#vmas[address.index] : undefined;
  }

  /** Sets `count` pages from an address on; `what` gives each page's new frame, undefined to leave it. */
  fill(vma: Vma, location: number, count: number, what: (old: FrameId, page: number) => FrameId | undefined): void {
    const first = location - vma.start;
    vma.frames = vma.frames.map((old, page) =>
      page >= first && page < first + count ? (what(old, page - first) ?? old) : old,
    );
  }

  zap(vma: Vma, location: number, count: number): void {
    const inside = location >= vma.start && location + count <= vma.start + vma.pages;
    const kinds = this.#traits.zap_mixedmap === 'zapped' ? ['pfnmap', 'mixedmap'] : ['pfnmap'];
    if (inside && kinds.includes(vma.kind)) this.fill(vma, location, count, () => NOTHING);
  }

  hole(object: Address, count: number, copies: boolean): void {
    for (const vma of this.#vmas) {
      if (vma?.state !== 'live' || vma.object !== object.index) continue;
      const first = object.offset / this.page;
      const from = count === 0 && vma.index < 0 ? 0 : Math.max(first - vma.index, 0);
      const to = count === 0 ? vma.pages : vma.index < 0 ? 0 : first + count - vma.index;
      this.fill(vma, vma.start + from, to - from, (old) => (copies || isPoolFrame(old) ? NOTHING : undefined));
    }
  }
}

const IDLE: ReadonlySet<string> = new Set(['skipped', 'unsupported', 'crash', 'timeout', 'warn']);

type Effect = (world: World, step: Step, outcome: Outcome, called: number, returned: number) => void;

const mapped: Effect = (world, step, outcome) => world.area(step.binds, outcome, step.args[0] as readonly FrameId[]);
const brought: Effect = (world, step, outcome) => {
  const pages = Math.ceil((step.args[0] as number) / world.page);
  world.area(
    step.binds,
    outcome,
    Array.from({ length: pages }, (_, page) => areaFrame(step.binds, page)),
  );
};
const unmapped: Effect = (world, step, _outcome, _called, returned) => world.endArea(step.args[0] as Address, returned);

/** A call on a VMA at an address, where both are bound. */
const onVma =
  (effect: (world: World, vma: Vma, location: number, step: Step, outcome: Outcome) => void): Effect =>
  (world, step, outcome) => {
    const vma = world.vmaOf(step.args[0] as Address);
    const location = world.locate((step.args[1] ?? step.args[0]) as Address);
    if (vma && location !== undefined) effect(world, vma, location, step, outcome);
  };

const succeeded = (outcome: Outcome): boolean => outcome.kind === 'number' && outcome.value === 0;

const EFFECTS: Readonly<Record<string, Effect>> = {
  vmap: mapped,
  vm_map_ram: mapped,
  vmalloc: brought,
  vzalloc: brought,
  vunmap: unmapped,
  vm_unmap_ram: unmapped,
  vfree: unmapped,
  vm_unmap_aliases: (world, _step, _outcome, called) => world.flush(called),
  mmap: (world, step, outcome) => world.vma(step, outcome),
  munmap: onVma((world, vma) => {
    world.fill(vma, vma.start, vma.pages, () => NOTHING);
    vma.state = 'gone';
  }),
  remap_pfn_range: onVma((world, vma, location, step, outcome) => {
    vma.kind = 'pfnmap';
    const first = step.args[2] as FrameId;
    if (succeeded(outcome)) world.fill(vma, location, (step.args[3] as number) / world.page, (_, page) => first + page);
  }),
  vm_insert_page: onVma((world, vma, location, step, outcome) => {
    if (!succeeded(outcome)) return;
    if (vma.kind === 'plain') vma.kind = 'mixedmap';
    world.fill(vma, location, 1, () => step.args[2] as FrameId);
  }),
  vmf_insert_pfn: onVma((world, vma, location, step, outcome) => {
    if (outcome.text === 'NOPAGE')
      world.fill(vma, location, 1, (old) => (old === NOTHING ? (step.args[2] as FrameId) : undefined));
  }),
  zap_vma_ptes: onVma((world, vma, location, step) => world.zap(vma, location, (step.args[2] as number) / world.page)),
  unmap_mapping_range: (world, step) =>
    world.hole(step.args[0] as Address, (step.args[1] as number) / world.page, step.args[2] !== undefined),
  break_cow: onVma((world, vma, location, step, outcome) => {
    const { index } = step.args[0] as Address;
    if (outcome.kind === 'ok') world.fill(vma, location, 1, () => vmaFrame(index, location - vma.start));
  }),
};
