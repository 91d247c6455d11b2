import type { Address } from '../notation/address.ts';
import type { StepOf } from './arguments.ts';
import { pagesOf, place } from './kernel.ts';
import { type Area, after, type Rule, type Rules, type State, undefinedBehaviour, type World } from './state.ts';
import { isErrno, isZero } from './vma.ts';

/** The rules of sparse areas. */

function needsSparse({ traits }: World): void {
  if (!['lazy', 'before-return'].includes(traits.tlb) || traits.alias !== 'allowed')
    undefinedBehaviour('sparse areas with these traits');
}

const getVmArea: Rule<StepOf<'get_vm_area'>> = (world, state, step, outcome) => {
  needsSparse(world);
  const size = Math.ceil(step.args[0] / world.page);
  if (size === 0 && world.traits.zero_vmap !== 'null') undefinedBehaviour('a sparse area of no bytes');
  if (outcome.kind === 'null') return [state];
  if (size === 0 || outcome.kind !== 'address' || outcome.extra !== 0) return [];
  const area: Area = { from: 'sparse', start: outcome.value, frames: [], size, live: true };
  return place(world, state, step.binds, area, () => {});
};

/** The live sparse area that an argument names by its first address. */
function sparseArea(state: State, { base, index, offset }: Address): Area {
  const area = base === 'a' && offset === 0 ? state.areas.get(index) : undefined;
  return area?.live && area.from === 'sparse' ? area : undefinedBehaviour('a step on what is not a live sparse area');
}

const freeVmArea: Rule<StepOf<'free_vm_area'>> = (world, state, step, outcome) => {
  needsSparse(world);
  const area = sparseArea(state, step.args[0]);
  if (outcome.kind !== 'ok') return [];
  return after(state, (next) => {
    const { own, guard } = pagesOf(world, area);
    next.areas.set(step.args[0].index, { ...area, live: false });
    for (const page of [...own, ...guard]) next.taken.delete(page);
    for (const page of own) {
      const frame = next.table.get(page);
      next.table.delete(page);
      if (frame !== undefined && world.traits.tlb === 'lazy') for (const held of next.tlb) held.set(page, frame);
    }
  });
};

/** The pages of a range of a sparse area; undefined if they are not all in the area. */
function rangeOf(world: World, state: State, area: Address, start: Address, pages: number): number[] | undefined {
  needsSparse(world);
  const found = sparseArea(state, area);
  const from = start.offset / world.page;
  const named = start.base === 'a' && start.index === area.index;
  if (!named || !Number.isInteger(from) || !Number.isInteger(pages))
    undefinedBehaviour('a range that is not whole pages of the area');
  if (from < 0 || from + pages > found.size!) return undefined;
  return Array.from({ length: pages }, (_, i) => found.start + from + i);
}

/** All lists of some of the items. */
function subsets(items: readonly number[]): number[][] {
  const lists: number[][] = [[]];
  for (const item of items) lists.push(...lists.map((list) => [...list, item]));
  return lists;
}

const mapPages: Rule<StepOf<'vm_area_map_pages'>> = (world, state, step, outcome) => {
  const [area, start, frames] = step.args;
  const range = rangeOf(world, state, area, start, frames.length);
  if (frames.length === 0) undefinedBehaviour('mapping an empty range');
  if (!range) return isErrno(outcome, 'ERANGE') ? [state] : [];
  if (range.some((page) => state.table.has(page))) undefinedBehaviour('mapping a page that is mapped');
  const failed = isErrno(outcome, 'ENOMEM');
  if (!failed && !isZero(outcome)) return [];
  return (failed ? subsets(range) : [range]).flatMap((mapped) =>
    after(state, (next) => {
      for (const page of mapped) next.table.set(page, frames[page - range[0]]);
    }),
  );
};

/** It flushes before it returns. */
const unmapPages: Rule<StepOf<'vm_area_unmap_pages'>> = (world, state, step, outcome) => {
  const [area, start, bytes] = step.args;
  if (bytes === 0) undefinedBehaviour('unmapping an empty range');
  const range = rangeOf(world, state, area, start, bytes / world.page) ?? [];
  if (outcome.kind !== 'ok') return [];
  return after(state, (next) => {
    for (const page of range) {
      next.table.delete(page);
      for (const held of next.tlb) held.delete(page);
    }
  });
};

/** The function that is applied maps the next frame of the list, or returns -EBUSY where the table has one. */
const applyToRange: Rule<StepOf<'apply_to_page_range'>> = (world, state, step, outcome) => {
  const [area, start, frames] = step.args;
  const range = rangeOf(world, state, area, start, frames.length);
  if (!range) undefinedBehaviour('a range that leaves the area');
  if (range.length === 0) return isErrno(outcome, 'EINVAL') ? [state] : [];
  const failed = isErrno(outcome, 'EBUSY', 'ENOMEM');
  if (!failed && !isZero(outcome)) return [];
  const done = failed ? range.length - outcome.note : range.length;
  const filled = range.slice(0, done);
  if (failed && (done < 0 || done >= range.length)) return [];
  if (filled.some((page) => state.table.has(page))) return [];
  if (isErrno(outcome, 'EBUSY') && !state.table.has(range[done])) return [];
  return after(state, (next) => {
    for (const [i, page] of filled.entries()) next.table.set(page, frames[i]);
  });
};

/**
 * The function that is applied clears the entry, or returns -EBUSY where the table has the frame. The caller flushes the range
 * afterwards.
 */
const applyToExisting: Rule<StepOf<'apply_to_existing_page_range'>> = (world, state, step, outcome) => {
  const [area, start, frame, bytes] = step.args;
  const range = rangeOf(world, state, area, start, bytes / world.page);
  if (!range) undefinedBehaviour('a range that leaves the area');
  if (range.length === 0) return isErrno(outcome, 'EINVAL') ? [state] : [];
  const stop = range.findIndex((page) => state.table.get(page) === frame);
  if (stop < 0 ? !isZero(outcome) : !isErrno(outcome, 'EBUSY') || outcome.note !== range.length - stop) return [];
  return after(state, (next) => {
    for (const page of stop < 0 ? range : range.slice(0, stop)) {
      next.table.delete(page);
      for (const held of next.tlb) held.delete(page);
    }
  });
};

export const SPARSE = {
  get_vm_area: getVmArea,
  free_vm_area: freeVmArea,
  vm_area_map_pages: mapPages,
  vm_area_unmap_pages: unmapPages,
  apply_to_page_range: applyToRange,
  apply_to_existing_page_range: applyToExisting,
} satisfies Rules;
