import type { Outcome } from '../notation/outcome.ts';
import type { Step } from '../notation/program.ts';
import type { StepOf } from './arguments.ts';
import { copy, type State, spend, type World } from './state.ts';

/** The rules of memory that runs out. */

/** The calls that allocate memory of the kernel, or addresses for it. */
type Allocates = 'vmalloc' | 'vzalloc' | 'vmalloc_user' | 'vmalloc_huge' | 'get_vm_area';

/** The state after a step has tried to get pages, whether it succeeds or not. */
export function attempt(world: World, state: State, step: Step): State {
  const add = (side: 'kernel' | 'user', pages: number): State => ({
    ...copy(state),
    attempted: { ...state.attempted, [side]: state.attempted[side] + pages + 4 },
  });
  switch (step.call.name) {
    case 'vmap':
    case 'vm_map_ram':
      return add('kernel', (step as StepOf<'vmap' | 'vm_map_ram'>).args[0].length);
    case 'vmalloc':
    case 'vzalloc':
    case 'vmalloc_user':
    case 'vmalloc_huge':
    case 'get_vm_area':
      return add('kernel', Math.ceil((step as StepOf<Allocates>).args[0] / world.page));
    case 'vrealloc':
      return add('kernel', Math.ceil((step as StepOf<'vrealloc'>).args[1] / world.page));
    case 'mremap':
      return add('user', (step as StepOf<'mremap'>).args[1]);
    case 'mmap':
      return add('user', (step as StepOf<'mmap'>).args[1]);
    default:
      return state;
  }
}

/** The side on which the step found no memory, or `tables` if only page tables can have been missing. */
function shortage(world: World, state: State, step: Step, outcome: Outcome): 'kernel' | 'user' | 'tables' | undefined {
  const error = outcome.kind === 'errno' ? outcome.text : '';
  switch (step.call.name) {
    case 'vmap':
    case 'vm_map_ram': {
      const [frames, flags] = (step as StepOf<'vmap'>).args;
      if (flags?.includes('null')) return undefined;
      if (outcome.kind !== 'null' || frames.length === 0) return undefined;
      const again = frames.some((frame, i) => frames.indexOf(frame) < i);
      const known = [...state.areas.values()].some((area) => area.frames.some((frame) => frames.includes(frame)));
      return world.traits.alias === 'refused' && (again || known) ? undefined : 'kernel';
    }
    case 'vmalloc':
    case 'vzalloc':
    case 'vmalloc_user':
    case 'vmalloc_huge':
    case 'get_vm_area':
      return outcome.kind === 'null' && (step as StepOf<Allocates>).args[0] > 0 ? 'kernel' : undefined;
    case 'vrealloc':
      return outcome.kind === 'null' && (step as StepOf<'vrealloc'>).args[1] > 0 ? 'kernel' : undefined;
    case 'mremap':
      return error === 'ENOMEM' ? 'user' : undefined;
    case 'mmap':
      // Next to another VMA something may be in the way.
      return (step as StepOf<'mmap'>).args[5] === undefined && ['ENOMEM', 'EAGAIN'].includes(error)
        ? 'user'
        : undefined;
    case 'fork':
      return error === 'ENOMEM' || error === 'EAGAIN' ? 'tables' : undefined;
    case 'remap_pfn_range':
      return error === 'ENOMEM' && world.traits.full_remap !== 'once' ? 'tables' : undefined;
    default:
      return error === 'ENOMEM' || (outcome.kind === 'vmfault' && outcome.text === 'OOM') ? 'tables' : undefined;
  }
}

/** Whether the program has asked for more pages than it can count on. A call may then get no memory, and fail. */
export function asksForMuch(world: World, { attempted }: State, side: 'kernel' | 'user' | 'tables'): boolean {
  if (attempted.kernel + attempted.user > (world.memory ?? 1024)) return true;
  const window = side === 'tables' ? undefined : world.windows.get(side);
  return window !== undefined && side !== 'tables' && attempted[side] * 16 > window.end - window.start;
}

/**
 * The state before a step, if something explains that the step gets no memory; undefined if nothing does. A step that
 * does not fail for this reason needs no explanation. `state`: with the pages of the step.
 */
export function explainShortage(world: World, state: State, step: Step, outcome: Outcome): State | undefined {
  const side = shortage(world, state, step, outcome);
  if (side === undefined || world.traits.memory === 'scarce' || asksForMuch(world, state, side)) return state;
  return spend(state);
}
