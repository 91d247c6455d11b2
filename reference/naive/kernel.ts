import { areaFrame, type FrameId } from '../notation/frame.ts';
import type { Step } from '../notation/program.ts';
import type { StepOf } from './arguments.ts';
import { hide, keepStale } from './caller.ts';
import { asksForMuch } from './memory.ts';
import {
  type Area,
  add,
  after,
  type Rule,
  type Rules,
  type State,
  spend,
  undefinedBehaviour,
  type World,
} from './state.ts';

/** The rules of the kernel side. */

/** How many pages an area has. */
export const sizeOf = ({ size, frames }: Area): number => size ?? frames.length;

/** The pages of an area, and its guard page if it has one. */
export function pagesOf(world: World, area: Area): { own: number[]; guard: number[] } {
  const own = Array.from({ length: sizeOf(area) }, (_, i) => area.start + i);
  if (area.from === 'vm_map_ram' || own.length === 0) return { own, guard: [] };
  switch (world.traits.guard) {
    case 'trailing':
      return { own, guard: [area.start + own.length] };
    case 'leading':
      return { own, guard: [area.start - 1] };
    default:
      return { own, guard: [] };
  }
}

/** The live areas that the same call made for the same frames. */
const sharing = (state: State, { from, frames }: Area): Area[] =>
  [...state.areas.values()].filter(
    (other) => other.live && other.from === from && other.frames.join() === frames.join(),
  );

/** The flags of a vmap; none for other calls. */
const flagsOf = (step: Step): readonly string[] =>
  step.call.name === 'vmap' ? ((step as StepOf<'vmap'>).args[1] ?? []) : [];

/** A mapping call that fails changes nothing (VA-9). When it may fail: memory.ts. Otherwise it chooses the address. */
function mapping<S extends Step>(
  from: (step: S) => Area['from'],
  framesOf: (world: World, step: S) => readonly FrameId[],
): Rule<S> {
  return (world, state, step, outcome) => {
    const frames = framesOf(world, step);
    const flags = flagsOf(step);
    const { tlb, alias, single_page } = world.traits;
    if (flags.includes('read_only') && (tlb === 'caller' || alias === 'same-address' || single_page === 'permanent'))
      undefinedBehaviour('a read-only vmap where mappings are shared or permanent, or callers flush');
    if (flags.includes('null')) return outcome.kind === 'null' ? [state] : [];
    if (frames.length === 0) {
      const trait = step.call.name === 'vm_map_ram' ? world.traits.zero_map_ram : world.traits.zero_vmap;
      if (trait === 'undefined') undefinedBehaviour(`${step.call.name} of size 0`);
      if (trait !== 'address') return outcome.kind === 'null' ? [state] : [];
      if (outcome.kind === 'null') {
        const lacks = world.traits.memory === 'scarce' || asksForMuch(world, state, 'kernel');
        const explained = lacks ? state : spend(state);
        return explained ? [explained] : [];
      }
    }
    if (outcome.kind === 'null') return [state];
    if (outcome.kind !== 'address' || outcome.extra !== 0) return [];
    // A vzalloc or vmalloc_user whose memory is not all zero tells the first such page.
    const { name } = step.call;
    if ((name === 'vzalloc' || name === 'vmalloc_user') && outcome.note >= 0) return [];
    const forUser = name === 'vmalloc_user' ? { forUser: true } : {};
    const readOnly = { readOnly: flags.includes('read_only') };
    const bytes = typeof step.args[0] === 'number' ? { bytes: step.args[0] } : {};
    const made = { from: from(step), start: outcome.value, frames, live: true };
    const area: Area = { ...made, ...bytes, ...forUser, ...readOnly };
    const window = world.windows.get('kernel');
    const fromPool = area.from !== 'vmalloc' && frames.length > 0;
    if (world.traits.single_page === 'permanent' && fromPool && frames.length === 1) {
      if (window && area.start >= window.start && area.start < window.end) return [];
      const map = area.start - frames[0];
      if (state.permanentMap !== undefined && state.permanentMap !== map) return [];
      return after(state, (next) => {
        next.permanentMap = map;
        next.areas.set(step.binds, { ...area, permanent: true });
        if (area.from === 'put_pages') add(next.references, frames[0], 1);
      });
    }
    const first = world.traits.alias === 'same-address' && fromPool ? sharing(state, area)[0] : undefined;
    if (first) {
      if (first.start !== area.start) return [];
      return after(state, (next) => {
        next.areas.set(step.binds, area);
        if (area.from === 'put_pages') for (const frame of frames) add(next.references, frame, 1);
      });
    }
    return place(world, state, step.binds, area, (next, own) => {
      own.forEach((page, i) => {
        next.table.set(page, frames[i]);
      });
      if (world.traits.tlb === 'caller') for (const page of own) hide(next, page);
      if (area.from === 'put_pages') for (const frame of frames) add(next.references, frame, 1);
    });
  };
}

/** An area takes its addresses, if they are free; `fill` maps its pages. */
export function place(
  world: World,
  state: State,
  name: number,
  area: Area,
  fill: (next: State, own: readonly number[]) => void,
): State[] {
  const window = world.windows.get('kernel');
  const { own, guard } = pagesOf(world, area);
  if (window && (area.start < window.start || area.start + own.length > window.end)) return [];
  if ([...own, ...guard].some((page) => state.taken.has(page) && !deferredAt(world, state, page))) return [];
  return after(state, (next) => {
    finishWorker(world, next, [...own, ...guard]);
    next.areas.set(name, area);
    for (const page of [...own, ...guard]) next.taken.add(page);
    fill(next, own);
    // Every old translation is gone before an address is handed out again (VA-4). If only a new mapping makes the old
    // one go away, the guard page may keep it, because the guard page is never mapped.
    const clean = world.traits.tlb === 'never' ? own : [...own, ...guard];
    for (const held of next.tlb) for (const page of clean) held.delete(page);
  });
}

/** Clears the page tables, and gives the addresses back; old translations may stay. */
export function unmap(world: World, next: State, area: Area): void {
  const { own, guard } = pagesOf(world, area);
  for (const page of [...own, ...guard]) next.taken.delete(page);
  own.forEach((page, i) => {
    next.table.delete(page);
    // Any CPU may hold it, even if it never read the page: it may have speculated.
    if (world.traits.tlb === 'caller') keepStale(next, page, area.frames[i], true);
    else if (world.traits.tlb !== 'before-return') for (const held of next.tlb) held.set(page, area.frames[i]);
  });
}

/** Whether a VMA maps a page of the area. */
export const isInUser = (state: State, area: Area): boolean =>
  [...state.vmas.values()].some(({ ptes }) => ptes.some((pte) => pte && area.frames.includes(pte.frame)));

/** vfree_atomic: a worker unmaps the area later. */
const vfreeAtomic: Rule<StepOf<'vfree_atomic'>> = (world, state, step, outcome) => {
  const [{ base, index, offset }] = step.args;
  if (world.traits.tlb === 'caller') undefinedBehaviour('vfree_atomic where callers flush');
  if (base === 'null' && world.traits.unmap_null === 'ignored') return outcome.kind === 'ok' ? [state] : [];
  const area = base === 'a' ? state.areas.get(index)! : undefined;
  if (!area?.live || area.from !== 'vmalloc' || offset !== 0 || area.frames.length === 0)
    undefinedBehaviour('vfree_atomic of what is not a live area of vmalloc');
  if (area.readOnly !== false || area.resets) undefinedBehaviour('vfree_atomic of an area with other permissions');
  if (isInUser(state, area)) undefinedBehaviour('vfree_atomic of an area that a VMA maps');
  if (outcome.kind !== 'ok') return [];
  return after(state, (next) => {
    next.areas.set(index, { ...area, live: false, deferred: true });
    // The list of areas to free is kept in their first words.
    next.words.set(`${area.frames[0]}/0`, Number.NaN);
    area.frames.forEach((frame, i) => {
      next.table.delete(area.start + i);
      for (const held of next.tlb) held.set(area.start + i, frame);
    });
  });
};

/** The area to which a page belongs that a worker frees; guard pages count. */
export const deferredAt = (world: World, state: State, page: number): Area | undefined =>
  [...state.areas.values()].find(
    (area) => area.deferred && Object.values(pagesOf(world, area)).some((pages) => pages.includes(page)),
  );

/** The worker has freed the areas of which these pages are handed out again. */
function finishWorker(world: World, next: State, pages: readonly number[]): void {
  for (const [name, area] of next.areas) {
    const { own, guard } = pagesOf(world, area);
    if (!area.deferred || ![...own, ...guard].some((page) => pages.includes(page))) continue;
    next.areas.set(name, { ...area, deferred: false });
    for (const page of [...own, ...guard]) next.taken.delete(page);
    if (world.traits.tlb !== 'before-return') for (const frame of area.frames) next.unfreed.add(frame);
    else for (const held of next.tlb) for (const page of own) held.delete(page);
  }
}

/** An unmapping call clears the page tables at once; translations go at once or later (VUNMAP-2, UNMAP-3). */
function unmapping(takes: readonly Area['from'][], strays: boolean): Rule<StepOf<'vunmap' | 'vfree' | 'vm_unmap_ram'>> {
  return (world, state, step, outcome) => {
    const [address, count] = step.args;
    if (address.base === 'null') {
      if (!strays || world.traits.unmap_null !== 'ignored') undefinedBehaviour('unmapping NULL');
      return outcome.kind === 'ok' ? [state] : [];
    }
    if (address.base === 'hole') {
      const own = step.call.name === 'vfree' ? world.traits.vfree_unknown : 'as-vunmap';
      const ignored = (own === 'as-vunmap' ? world.traits.unmap_unknown : own) === 'ignored';
      if (!strays || !ignored) undefinedBehaviour('unmapping an unknown address');
      return outcome.kind === 'ok' ? [state] : [];
    }
    const area = state.areas.get(address.index)!;
    if (!area.live) undefinedBehaviour('unmapping twice');
    const { unmap_interior: interior } = world.traits;
    const within = address.offset > 0 && address.offset < area.frames.length * world.page;
    if (address.offset !== 0 && (!within || !strays || interior === 'undefined'))
      undefinedBehaviour('unmapping an address within an area');
    if (address.offset !== 0 && interior === 'ignored') return outcome.kind === 'ok' ? [state] : [];
    if (!takes.includes(area.from)) undefinedBehaviour(`${step.call.name} of an area of ${area.from}`);
    if (area.from === 'vm_map_ram' && count !== area.frames.length) undefinedBehaviour('partial vm_unmap_ram');
    if (area.from === 'vmalloc' && area.readOnly !== false && !area.resets)
      undefinedBehaviour('freeing pages that may be read-only in the direct map');
    if (outcome.kind !== 'ok' || (area.resets && outcome.note >= 0)) return [];
    return after(state, (next) => {
      next.areas.get(address.index)!.live = false;
      if (area.from === 'put_pages') for (const frame of area.frames) add(next.references, frame, -1);
      const keeps = area.from === 'vmalloc' && world.traits.tlb !== 'before-return';
      if (keeps) for (const frame of area.frames) next.unfreed.add(frame);
      const fromPool = area.from !== 'vmalloc' && area.frames.length > 0;
      const stays = world.traits.alias === 'same-address' && fromPool && sharing(next, area).length > 0;
      if (area.permanent || stays) return;
      unmap(world, next, area);
      if (area.resets) for (const held of next.tlb) for (const page of pagesOf(world, area).own) held.delete(page);
    });
  };
}

const listed = (_world: World, step: StepOf<'vmap' | 'vm_map_ram'>): readonly FrameId[] => step.args[0];
const allocated = (
  world: World,
  step: StepOf<'vmalloc' | 'vzalloc' | 'vmalloc_user' | 'vmalloc_huge'>,
): readonly FrameId[] =>
  Array.from({ length: Math.ceil(step.args[0] / world.page) }, (_, i) => areaFrame(step.binds, i));

/** The page was handed to someone else. Every old translation for it was gone before that (VA-4). */
export const others = (state: State, page: number): State[] =>
  after(state, (next) => {
    for (const held of next.tlb) held.delete(page);
  });

/** Shrinkers touch nothing that a program has mapped. */
const reclaim: Rule<StepOf<'reclaim'>> = (_world, state, _step, outcome) => (outcome.kind === 'ok' ? [state] : []);

export const KERNEL = {
  vfree_atomic: vfreeAtomic,
  reclaim,
  vmap: mapping<StepOf<'vmap'>>((step) => (step.args[1]?.includes('put_pages') ? 'put_pages' : 'vmap'), listed),
  vm_map_ram: mapping(() => 'vm_map_ram', listed),
  vmalloc: mapping(() => 'vmalloc', allocated),
  vzalloc: mapping(() => 'vmalloc', allocated),
  vmalloc_user: mapping(() => 'vmalloc', allocated),
  vmalloc_huge: mapping<StepOf<'vmalloc_huge'>>(
    () => 'vmalloc',
    (world, step) => {
      const pages = Math.ceil(step.args[0] / world.page);
      // A huge page has 512 pages of 4 KiB; what is mapped beyond the size is not known.
      if (pages * 16 >= world.page && (pages * 8) % world.page !== 0) undefinedBehaviour('a part of a huge page');
      return allocated(world, step);
    },
  ),
  vunmap: unmapping(['vmap'], true),
  vfree: unmapping(['vmalloc', 'put_pages'], true),
  vm_unmap_ram: unmapping(['vm_map_ram'], false),
  vm_unmap_aliases: (world, state, _step, outcome) => {
    if (outcome.kind !== 'ok') return [];
    if (world.traits.tlb === 'never' || world.traits.tlb === 'caller') return [state];
    return after(state, (next) => {
      // The flush may come before the worker.
      for (const held of next.tlb)
        for (const page of [...held.keys()]) if (!deferredAt(world, state, page)) held.delete(page);
      next.unfreed.clear();
    });
  },
} satisfies Rules;
