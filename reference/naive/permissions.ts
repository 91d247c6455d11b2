import type { StepOf } from './arguments.ts';
import { type Area, after, type Rule, type Rules, type State, undefinedBehaviour, type World } from './state.ts';

/** The rules of calls that change who can write to an area, and what vfree does to that. */

type Changes = StepOf<'set_vm_flush_reset_perms' | 'set_memory_ro' | 'set_memory_rw'>;

/** Changes the area of a step. `answered`: whether the outcome is the right one. */
function changed(world: World, state: State, step: Changes, answered: boolean, change: (area: Area) => void): State[] {
  const [{ base, index, offset }] = step.args;
  const area = base === 'a' ? state.areas.get(index) : undefined;
  if (world.traits.tlb === 'caller') undefinedBehaviour(`${step.call.name} where callers flush`);
  if (!area?.live || area.from !== 'vmalloc' || offset !== 0 || area.frames.length === 0)
    undefinedBehaviour(`${step.call.name} of what is not a live area of vmalloc`);
  return answered ? after(state, (next) => change(next.areas.get(index)!)) : [];
}

const setMemoryRo: Rule<StepOf<'set_memory_ro'>> = (world, state, step, { kind, value, text }) => {
  const short = kind === 'errno' && text === 'ENOMEM';
  return changed(world, state, step, short || (kind === 'number' && value === 0), (area) => {
    // Without memory, only some of its pages may have become read-only.
    area.readOnly = short && !area.readOnly ? undefined : true;
  });
};

export const PERMISSIONS = {
  set_vm_flush_reset_perms: (world, state, step, outcome) =>
    changed(world, state, step, outcome.kind === 'ok', (area) => {
      area.resets = true;
    }),
  set_memory_ro: setMemoryRo,
  set_memory_rw: (world, state, step, outcome) =>
    changed(world, state, step, outcome.kind === 'number' && outcome.value === 0, (area) => {
      area.readOnly = false;
    }),
} satisfies Rules;
