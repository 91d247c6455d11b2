import type { FrameId } from '../notation/frame.ts';
import type { CallName } from '../notation/names.ts';
import type { Outcome } from '../notation/outcome.ts';
import type { Step } from '../notation/program.ts';
import type { StepOf } from './arguments.ts';

/**
 * The naive specification: a machine that may do everything that the contract allows. A trace is allowed if some run of
 * the machine explains it. Tests compare it with the judge. The two share the notation but no line of the model, so that
 * they do not share mistakes. This code is simple, not fast.
 */

/** One choice for each trait, by name. */
export type Traits = Readonly<Record<string, string>>;

/** The terms that a trace is judged by; they do not change while a program runs. */
export interface World {
  readonly traits: Traits;
  /** Page size in bytes. */
  readonly page: number;
  readonly cpus: number;
  /** Page numbers, end excluded. */
  readonly windows: ReadonlyMap<'kernel' | 'user', { readonly start: number; readonly end: number }>;
  /** How many pages a program may count on; 1024 by default. */
  readonly memory?: number;
}

/** A kernel area, live or unmapped. `start` is a page number. */
export interface Area {
  readonly from: 'vmap' | 'put_pages' | 'vm_map_ram' | 'vmalloc' | 'sparse';
  readonly start: number;
  readonly frames: readonly FrameId[];
  /** Only of memory that vmalloc and its like allocated: the size that was asked for, in bytes. */
  readonly bytes?: number;
  /** Only of a sparse area, which has no frames of its own: how many pages it has. */
  readonly size?: number;
  /** It can be mapped in user VMAs. */
  readonly forUser?: boolean;
  /** No CPU can write to it; undefined: it is not known whether CPUs can. */
  readOnly?: boolean | undefined;
  /** vfree flushes it. */
  resets?: boolean;
  /** It is a page of the permanent map. */
  readonly permanent?: boolean;
  live: boolean;
  /** True: a worker will unmap it. False: a worker has unmapped it. Undefined: no worker was asked to. */
  deferred?: boolean;
}

/** What is mapped in one page of a VMA. `counted`: the mapping holds a reference and a map count of the frame. */
export interface Pte {
  /** A write may fault, because a CPU may hold the translation without the permission that it got. */
  readonly held?: boolean | undefined;
  readonly frame: FrameId;
  readonly counted: boolean;
}

export type Kind = 'plain' | 'pfnmap' | 'mixedmap';

/** A user VMA, live or unmapped. `start` is a page number. */
export interface Vma {
  readonly start: number;
  readonly pages: number;
  kind: Kind;
  readonly shared: boolean;
  readonly object: number;
  /** The index of the first page in the object; undefined if it is a frame number, which the implementation chooses. */
  readonly index: number | undefined;
  /** The whole VMA was remapped in one call. */
  remapped: boolean;
  /** A fork leaves it out. */
  readonly dontCopy: boolean;
  live: boolean;
  /** What mprotect allowed last; everything if it is undefined. */
  allows?: 'none' | 'read' | 'write';
  readonly ptes: (Pte | undefined)[];
  /** Pages that were unmapped as a part of the VMA, and are no longer its own. */
  readonly lost: Set<number>;
}

/** One state that the machine can be in. */
export interface State {
  readonly areas: Map<number, Area>;
  /** The VMAs of the address space in which the step runs. */
  readonly vmas: Map<number, Vma>;
  /** Those of the other one: of the child for a step of the parent, of the parent for a step of the child. */
  readonly elsewhere: Map<number, Vma>;
  /** The names of the children, and whether each still runs. */
  readonly children: Map<number, boolean>;
  /** The kernel's page tables: frame by page number. */
  readonly table: Map<number, FrameId>;
  /** The pages of live areas, guard pages included. */
  readonly taken: Set<number>;
  /**
   * By CPU: the old translations that it may still hold, by page number. First those that it uses in the address space in
   * which the step runs, for each CPU, and then those that it uses in the other one.
   */
  readonly tlb: readonly Map<number, FrameId>[];
  /** By `CPU/page`, with the CPUs of `tlb`: the old translations that it may hold where callers flush, perhaps several. */
  readonly stale: Map<string, readonly { readonly frame: FrameId; readonly writable: boolean }[]>;
  /** `CPU/page`: the CPU has not flushed since the page was filled, so it may not see it. */
  readonly unseen: Set<string>;
  /** Memory of areas that were freed, and that the implementation may keep until the next flush. */
  readonly unfreed: Set<FrameId>;
  /** The counts of frames, as differences from the start of the program. */
  readonly references: Map<FrameId, number>;
  readonly maps: Map<FrameId, number>;
  /** The values that were written, by frame and word. */
  readonly words: Map<string, number>;
  /** Frames that have words of unknown values, and the first of these words. Those in `words` are known. */
  readonly unknownFrom: Map<FrameId, number>;
  /** The page number of frame 0 in the permanent map. The first address shows it; undefined before. */
  permanentMap: number | undefined;
  /** How many allocations the program has asked to fail that no outcome has used up yet. */
  injected: number;
  /** How many pages the program has tried to map so far in the kernel, and to reserve for VMAs. Each attempt adds 4. */
  attempted: { readonly kernel: number; readonly user: number };
}

/** The state before the first step. */
export const initial = (world: World): State => ({
  areas: new Map(),
  vmas: new Map(),
  elsewhere: new Map(),
  children: new Map(),
  table: new Map(),
  taken: new Set(),
  tlb: Array.from({ length: 2 * world.cpus }, () => new Map()),
  stale: new Map(),
  unseen: new Set(),
  unfreed: new Set(),
  references: new Map(),
  maps: new Map(),
  words: new Map(),
  unknownFrom: new Map(),
  permanentMap: undefined,
  injected: 0,
  attempted: { kernel: 0, user: 0 },
});

/** Copies of VMAs, by name. */
export const copyVmas = (vmas: ReadonlyMap<number, Vma>): Map<number, Vma> =>
  new Map([...vmas].map(([name, vma]) => [name, { ...vma, ptes: [...vma.ptes], lost: new Set(vma.lost) }]));

/** The same state, seen from the other address space: what belongs to one and what belongs to the other change places. */
export function elsewhere(state: State): State {
  const cpus = state.tlb.length / 2;
  const tlb = [...state.tlb.slice(cpus), ...state.tlb.slice(0, cpus)];
  const swapped = (at: string): string => {
    const [cpu, page] = at.split('/');
    return `${(Number(cpu) + cpus) % (2 * cpus)}/${page}`;
  };
  const stale = new Map([...state.stale].map(([at, held]) => [swapped(at), held]));
  const unseen = new Set([...state.unseen].map(swapped));
  return { ...state, vmas: state.elsewhere, elsewhere: state.vmas, tlb, stale, unseen };
}

/** A copy that shares nothing with the state. */
export const copy = (state: State): State => ({
  areas: new Map([...state.areas].map(([name, area]) => [name, { ...area }])),
  vmas: copyVmas(state.vmas),
  elsewhere: copyVmas(state.elsewhere),
  children: new Map(state.children),
  table: new Map(state.table),
  taken: new Set(state.taken),
  tlb: state.tlb.map((held) => new Map(held)),
  stale: new Map(state.stale),
  unseen: new Set(state.unseen),
  unfreed: new Set(state.unfreed),
  references: new Map(state.references),
  maps: new Map(state.maps),
  words: new Map(state.words),
  unknownFrom: new Map(state.unknownFrom),
  permanentMap: state.permanentMap,
  injected: state.injected,
  attempted: state.attempted,
});

/** The state after the failure that the program asked for; undefined if it asked for none. */
export const spend = (state: State): State | undefined =>
  state.injected > 0 ? { ...copy(state), injected: state.injected - 1 } : undefined;

/** A text that is equal for equal states. */
export function key(state: State): string {
  const sorted = <K, V>(map: Map<K, V>): unknown[] => [...map].filter(([, value]) => value !== 0).sort();
  return JSON.stringify([
    [...state.areas].sort(),
    ...[state.vmas, state.elsewhere].map((vmas) =>
      [...vmas].map(([name, vma]) => [name, { ...vma, lost: [...vma.lost].sort() }]).sort(),
    ),
    [...state.children].sort(),
    sorted(new Map([...state.table].map(([page, frame]) => [page, `${frame}`]))),
    [...state.taken].sort(),
    state.tlb.map((held) => sorted(new Map([...held].map(([page, frame]) => [page, `${frame}`])))),
    [...state.stale].map(([at, held]) => [at, held.map(({ frame, writable }) => `${frame} ${writable}`).sort()]).sort(),
    [...state.unseen].sort(),
    [...state.unfreed].sort(),
    sorted(state.references),
    sorted(state.maps),
    [...state.words].sort(),
    [...state.unknownFrom].sort(),
    state.permanentMap,
    state.injected,
    state.attempted,
  ]);
}

/** The program did something that the contract does not define: anything may happen after it. */
export class UndefinedBehaviour extends Error {
  override readonly name = 'UndefinedBehaviour';
}

/** @throws UndefinedBehaviour */
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

/** The state that follows from a copy of `state` by `change`, in a list. */
export function after(state: State, change: (next: State) => void): State[] {
  const next = copy(state);
  change(next);
  return [next];
}

/** Adds to the count of a frame. */
export const add = (counts: Map<FrameId, number>, frame: FrameId, by: number): unknown =>
  counts.set(frame, (counts.get(frame) ?? 0) + by);
