import { type MappedRange, NOTHING, rangeName } from '../../../reference/model/view.ts';
import type { Access } from '../../../reference/model/watched.ts';
import { inArea, inVma, printAddress } from '../../../reference/notation/address.ts';
import { type FrameId, printFrame } from '../../../reference/notation/frame.ts';

/**
 * - `held`: the mapping is live, and the CPU was seen to use it.
 * - `stale`: the mapping is gone; the CPU may still use its old translation.
 * - `overdue`: it must be gone, but the offending step shows later that it is not.
 * - `wrong`: the CPU reached what it must not reach.
 */
export type EntryState = 'held' | 'stale' | 'overdue' | 'wrong';

/** A translation of one page that a CPU was seen to use. */
export interface Entry {
  readonly key: string;
  readonly cpu: number;
  /** The range that it belongs to, and the page of it; may lie outside. */
  readonly range: string;
  readonly page: number;
  /** `a0+0x3000`. */
  readonly address: string;
  readonly frame: FrameId;
}

interface Held extends Entry {
  readonly space: number;
  readonly location: number;
  readonly of: MappedRange | undefined;
  /** The CPU was seen to be without it after the mapping had ended. */
  dropped: boolean;
  /** The page was emptied, or filled with something else, since it was used. */
  replaced: boolean;
  wrong: boolean;
}

/** What each CPU's TLB may hold, as far as its accesses show. */
export class Translations {
  /** Page size in bytes. */
  readonly #page: number;
  readonly #held = new Map<string, Held>();
  /** The entry that the last step used. */
  last: string | undefined;

  constructor(page: number) {
    this.#page = page;
  }

  get entries(): Entry[] {
    return [...this.#held.values()];
  }

  /** A step returned. `access`: the access that it made, if any; `wrong`: it breaks the contract. */
  observe(ranges: readonly MappedRange[], access: Access | undefined, wrong: boolean): void {
    this.last = undefined;
    if (!access) return;
    const { cpu, space, location, frame } = access;
    const here = [...this.#held.values()].filter(
      (held) => held.cpu === cpu && held.space === space && held.location === location,
    );
    // A CPU has one translation for a page. If it reached something else, the old one is gone.
    for (const held of here) if (held.frame !== frame && !held.of?.live) held.dropped = true;
    if (frame === NOTHING) return;
    const known = here.find((held) => held.frame === frame && (wrong || !held.dropped));
    const used = known ?? this.#load(ranges, access);
    used.replaced = false;
    if (wrong) used.wrong = true;
    this.last = used.key;
  }

  #load(ranges: readonly MappedRange[], { cpu, address, space, location, frame }: Access): Held {
    const covers = (range: MappedRange): boolean =>
      range.space === space && location >= range.start && location < range.start + range.pages;
    const of =
      ranges.findLast((range) => covers(range) && range.maps(location - range.start, frame)) ?? ranges.findLast(covers);
    const name = of?.name ?? rangeName(address.base, address.index, space);
    const page = of ? location - of.start : Math.floor(address.offset / this.#page);
    const index = Number.parseInt(name.slice(1), 10);
    const at = (name.startsWith('a') ? inArea : inVma)(index, page * this.#page);
    const place = space < 0 ? printAddress(at) : `${printAddress(at)} in=m${space}`;
    const key = `${cpu}:${name}:${page}:${frame}`;
    const held = { key, cpu, range: name, page, address: place, frame, space, location, of };
    const made: Held = { ...held, dropped: false, replaced: false, wrong: false };
    this.#held.set(key, made);
    return made;
  }

  /** The key of the translation that the offending step used, unless the CPU was seen to be without it meanwhile. */
  get lingered(): string | undefined {
    return [...this.#held.values()].find(({ wrong, dropped }) => wrong && !dropped)?.key;
  }

  /** Keys of the translations that a CPU was seen to be without. */
  get dropped(): ReadonlySet<string> {
    return new Set([...this.#held.values()].filter(({ dropped }) => dropped).map(({ key }) => key));
  }

  /** What each CPU may hold now. */
  snapshot(): Map<string, EntryState> {
    const states = new Map<string, EntryState>();
    for (const held of this.#held.values()) {
      const state = held.wrong ? 'wrong' : stateOf(held);
      if (state) states.set(held.key, state);
    }
    return states;
  }
}

function stateOf(held: Held): EntryState | undefined {
  const { of, page, frame } = held;
  if (!of || held.dropped || held.replaced) return undefined;
  if (!of.live) return of.lingers(page) ? 'stale' : undefined;
  held.replaced = !of.maps(page, frame);
  return held.replaced ? undefined : 'held';
}

/** `a0+0x3000 -> f3`. */
export const printEntry = (entry: Entry): string => `${entry.address} -> ${printFrame(entry.frame)}`;
