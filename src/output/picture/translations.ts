import type { Step } from '../../../reference/calls/call.ts';
import { type Address, inArea, inVma, printAddress } from '../../../reference/notation/address.ts';
import { type FrameId, printFrame } from '../../../reference/notation/frame.ts';
import type { Outcome } from '../../../reference/notation/outcome.ts';
import type { Range, World } from './world.ts';

/**
 * - `held`: the mapping is live, and the CPU was seen to use it.
 * - `stale`: the mapping is gone; the CPU may still use its old translation.
 * - `overdue`: it must be gone, and the offending step will find that it is not.
 * - `wrong`: the CPU reached what it must not reach.
 */
export type EntryState = 'held' | 'stale' | 'overdue' | 'wrong';

/** A translation that a CPU was seen to use, of one page. */
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
  readonly location: number;
  readonly of: Range | undefined;
  /** Seen to be gone: the CPU faulted there after the mapping had ended. */
  dropped: boolean;
  wrong: boolean;
}

/** What each CPU's TLB may hold, as far as its reads have told. */
export class Translations {
  readonly #world: World;
  readonly #held = new Map<string, Held>();
  /** The entry that the last step used. */
  last: string | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  get entries(): Entry[] {
    return [...this.#held.values()];
  }

  /** A step returned; `wrong` where it is the one that breaks the contract. */
  observe(step: Step, outcome: Outcome, wrong: boolean): void {
    this.last = undefined;
    if (step.call.sees !== 'translations') return;
    const address = step.args[0] as Address;
    const location = this.#world.locate(address);
    if (location === undefined) return;
    const here = [...this.#held.values()].filter((held) => held.cpu === step.cpu && held.location === location);
    if (step.call.name === 'reread' || outcome.kind !== 'frame')
      for (const held of here) if (held.of?.state !== 'live') held.dropped = true;
    if (outcome.kind !== 'frame') return;
    const known = here.find((held) => held.frame === outcome.value && (wrong || !held.dropped));
    const used = known ?? this.#load(step.cpu, location, address, outcome.value);
    if (wrong) used.wrong = true;
    this.last = used.key;
  }

  #load(cpu: number, location: number, address: Address, frame: FrameId): Held {
    const had = (range: Range): boolean =>
      location >= range.start && location < range.start + range.pages && range.frames[location - range.start] === frame;
    const of = this.#world.ranges.findLast(had) ?? this.#world.newest(location);
    const name = of?.name ?? `${address.base}${address.index}`;
    const page = of ? location - of.start : Math.floor(address.offset / this.#world.page);
    const index = Number(name.slice(1));
    const at = (name.startsWith('a') ? inArea : inVma)(index, page * this.#world.page);
    const key = `${cpu}:${name}:${page}:${frame}`;
    const held = { key, cpu, range: name, page, address: printAddress(at), frame, location, of };
    const made: Held = { ...held, dropped: false, wrong: false };
    this.#held.set(key, made);
    return made;
  }

  /** The key of what the offending step used, if the CPU was not seen to be without it since it was used before. */
  get lingered(): string | undefined {
    return [...this.#held.values()].find(({ wrong, dropped }) => wrong && !dropped)?.key;
  }

  /** Keys of what a CPU was seen to be without. */
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

function stateOf({ of, page, frame, dropped }: Held): EntryState | undefined {
  if (!of || dropped) return undefined;
  if (of.state === 'live') return of.frames[page] === frame ? 'held' : undefined;
  return of.state === 'ended' ? 'stale' : undefined;
}

/** `a0+0x3000 -> f3`. */
export const printEntry = (entry: Entry): string => `${entry.address} -> ${printFrame(entry.frame)}`;
