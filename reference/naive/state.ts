import type { FrameId } from '../notation/frame.ts';
import type { CallName } from '../notation/names.ts';
import type { Outcome } from '../notation/outcome.ts';
import type { Step } from '../notation/program.ts';
import type { StepOf } from './arguments.ts';

/**
 * The naive specification: a machine that is allowed to do everything that the contract allows. It shares the notation
 * with the rest of the reference, and not one line of its model, so that neither can be wrong in the way of the other.
 * Nothing here is fast.
 */

/** One choice for each trait, by name. */
export type Traits = Readonly<Record<string, string>>;

/** What does not change while a program runs. */
export interface World {
  readonly traits: Traits;
  readonly page: number;
  readonly cpus: number;
  /** Page numbers, end excluded. */
  readonly windows: ReadonlyMap<'kernel' | 'user', { readonly start: number; readonly end: number }>;
}

/** An area of the kernel side, live or given back. */
export interface Area {
  readonly from: 'vmap' | 'put_pages' | 'vm_map_ram' | 'vmalloc';
  readonly start: number;
  readonly frames: readonly FrameId[];
  live: boolean;
}

/** What one page of a VMA has: a frame, and whether the mapping holds a reference and a map count of it. */
export interface Pte {
  readonly frame: FrameId;
  readonly counted: boolean;
}

export type Kind = 'plain' | 'pfnmap' | 'mixedmap';

/** A VMA of the user side, live or unmapped. */
export interface Vma {
  readonly start: number;
  readonly pages: number;
  kind: Kind;
  readonly shared: boolean;
  readonly object: number;
  /** Index in the object of the first page; undefined where it is a frame number of the implementation's. */
  readonly index: number | undefined;
  /** It was remapped whole, in one call. */
  remapped: boolean;
  live: boolean;
  readonly ptes: (Pte | undefined)[];
}

/** One state that the machine may be in. */
export interface State {
  readonly areas: Map<number, Area>;
  readonly vmas: Map<number, Vma>;
  /** The kernel's page tables: frame by page number. */
  readonly table: Map<number, FrameId>;
  /** Pages that belong to a live area, its guard page included. */
  readonly taken: Set<number>;
  /** For each CPU the old translations that it may still hold, by page number. */
  readonly tlb: readonly Map<number, FrameId>[];
  /** Differences from the program's start. */
  readonly references: Map<FrameId, number>;
  readonly maps: Map<FrameId, number>;
  /** Values written: by frame and word. */
  readonly words: Map<string, number>;
  /** The program asked for an allocation to fail. */
  injected: boolean;
}

export const initial = (world: World): State => ({
  areas: new Map(),
  vmas: new Map(),
  table: new Map(),
  taken: new Set(),
  tlb: Array.from({ length: world.cpus }, () => new Map()),
  references: new Map(),
  maps: new Map(),
  words: new Map(),
  injected: false,
});

export const copy = (state: State): State => ({
  areas: new Map([...state.areas].map(([name, area]) => [name, { ...area }])),
  vmas: new Map([...state.vmas].map(([name, vma]) => [name, { ...vma, ptes: [...vma.ptes] }])),
  table: new Map(state.table),
  taken: new Set(state.taken),
  tlb: state.tlb.map((held) => new Map(held)),
  references: new Map(state.references),
  maps: new Map(state.maps),
  words: new Map(state.words),
  injected: state.injected,
});

/** Equal states have equal keys. */
export function key(state: State): string {
  const sorted = <K, V>(map: Map<K, V>): unknown[] => [...map].filter(([, value]) => value !== 0).sort();
  return JSON.stringify([
    [...state.areas].sort(),
    [...state.vmas].sort(),
    sorted(new Map([...state.table].map(([page, frame]) => [page, `${frame}`]))),
    [...state.taken].sort(),
    state.tlb.map((held) => sorted(new Map([...held].map(([page, frame]) => [page, `${frame}`])))),
    sorted(state.references),
    sorted(state.maps),
    sorted(state.words),
    state.injected,
  ]);
}

/** The program did something that no contract speaks about: anything may happen from here on. */
export class UndefinedBehaviour extends Error {
  override readonly name = 'UndefinedBehaviour';
}

export function undefinedBehaviour(why: string): never {
  throw new UndefinedBehaviour(why);
}

/** A method, so that the rule of one call can be kept as a rule for any step: it is only given steps of its call. */
interface Ruling<S extends Step> {
  rule(world: World, state: State, step: S, outcome: Outcome): State[];
}

/** The states that the machine may be in after `step` had `outcome`; an empty list where it must not have it. */
export type Rule<S extends Step = Step> = Ruling<S>['rule'];

/** The rules of some calls. */
export type Rules = { readonly [N in CallName]?: Rule<StepOf<N>> };

/** A state that differs from `state` by what `change` does. */
export function after(state: State, change: (next: State) => void): State[] {
  const next = copy(state);
  change(next);
  return [next];
}

export const add = (counts: Map<FrameId, number>, frame: FrameId, by: number): unknown =>
  counts.set(frame, (counts.get(frame) ?? 0) + by);
