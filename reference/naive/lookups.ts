import type { StepOf } from './arguments.ts';
import { deferredAt, others, sizeOf } from './kernel.ts';
import { reach } from './observe.ts';
import { type Area, type Rule, type Rules, type State, undefinedBehaviour } from './state.ts';

/** The rules of the calls that look up addresses of the kernel side. */

const lookUp: Rule<StepOf<'vmalloc_to_page'>> = (world, state, step, outcome) => {
  const { base, index, offset } = step.args[0];
  if (base !== 'a') undefinedBehaviour('vmalloc_to_page of an address outside the vmap layer');
  const area = state.areas.get(index)!;
  if (area.permanent) undefinedBehaviour('vmalloc_to_page of an address outside the window');
  const page = area.start + Math.floor(offset / world.page);
  const frame = state.table.get(page);
  const waiting = deferredAt(world, state, page);
  if (waiting) return outcome.kind !== 'frame' || outcome.value === waiting.frames[page - waiting.start] ? [state] : [];
  if (frame !== undefined) return outcome.kind === 'frame' && outcome.value === frame ? [state] : [];
  if (outcome.kind === 'null') return [state];
  return outcome.kind === 'other' && !state.taken.has(page) ? others(state, page) : [];
};

/** The area that starts at a page, if any. It is live, or waits for the worker. */
const areaFrom = (state: State, page: number): Area | undefined =>
  [...state.areas.values()].find((one) => (one.live || one.deferred) && one.start === page && sizeOf(one) > 0);

const findVmArea: Rule<StepOf<'find_vm_area'>> = (_world, state, step, outcome) => {
  const { base, index, offset } = step.args[0];
  const named = base === 'a' ? state.areas.get(index) : undefined;
  if (!named || offset !== 0 || named.permanent || sizeOf(named) === 0)
    undefinedBehaviour('find_vm_area of an address that is not the first one of an area');
  const area = areaFrom(state, named.start);
  if (!area) return outcome.kind === 'null' || outcome.kind === 'other' ? [state] : [];
  const mayHaveNone = area.deferred || sizeOf(area) === 0;
  if (outcome.kind !== 'number' && mayHaveNone) return [state];
  if (outcome.kind === 'null') return area.from === 'vm_map_ram' ? [state] : [];
  return outcome.kind === 'number' && outcome.value === sizeOf(area) ? [state] : [];
};

const vread: Rule<StepOf<'vread'>> = (world, state, step, outcome) => {
  const { base, index, offset } = step.args[0];
  const named = base === 'a' ? state.areas.get(index) : undefined;
  if (!named || named.permanent) undefinedBehaviour('vread of an address outside the vmap layer');
  const anyRam = world.traits.vread_ram === 'undefined';
  if (anyRam && named.from === 'vm_map_ram') undefinedBehaviour('vread of an area of vm_map_ram');
  const page = named.start + Math.floor(offset / world.page);
  const waiting = deferredAt(world, state, page);
  const frame = waiting ? waiting.frames[page - waiting.start] : state.table.get(page);
  // Zeros are nobody's bytes.
  const nothing = outcome.kind === 'null' || outcome.kind === 'other';
  const ofRam = [...state.areas.values()].filter(({ live, from }) => live && from === 'vm_map_ram');
  const mayBeRam = anyRam && outcome.kind === 'frame' && ofRam.some(({ frames }) => frames.includes(outcome.value));
  if (frame === undefined || waiting) {
    if (nothing || mayBeRam) return [state];
    if (frame === undefined) return [];
  }
  const owner = [...state.areas.values()].find(
    (one) => one.live && page >= one.start && page < one.start + sizeOf(one),
  );
  if (owner?.from === 'vm_map_ram' && mayBeRam) return [state];
  if (nothing) return owner?.from === 'vm_map_ram' || owner?.from === 'sparse' ? [state] : [];
  return reach(world, state, frame, step.args[0], outcome);
};

export const LOOKUPS = {
  vmalloc_to_page: lookUp,
  find_vm_area: findVmArea,
  vread,
  is_vmalloc_addr: (_world, state, step, outcome) => {
    const { base, index } = step.args[0];
    const inside = base === 'a' && !state.areas.get(index)!.permanent ? 1 : 0;
    return outcome.kind === 'number' && outcome.value === inside ? [state] : [];
  },
} satisfies Rules;
