import type { Address } from '../notation/address.ts';
import { areasOfFrames, type FrameId } from '../notation/frame.ts';
import type { CallName } from '../notation/names.ts';
import type { Outcome } from '../notation/outcome.ts';
import type { Step, Trace } from '../notation/program.ts';
import type { StepOf } from './arguments.ts';
import { FORKS } from './forks.ts';
import { KERNEL } from './kernel.ts';
import { LOOKUPS } from './lookups.ts';
import { attempt, explainShortage } from './memory.ts';
import { OBSERVE } from './observe.ts';
import { PERMISSIONS } from './permissions.ts';
import { REALLOC } from './realloc.ts';
import { SPARSE } from './sparse.ts';
import { elsewhere, initial, key, type Rule, type State, undefinedBehaviour, type World } from './state.ts';
import { USER } from './user.ts';

const RULES: Readonly<Record<CallName, Rule>> = {
  ...KERNEL,
  ...REALLOC,
  ...PERMISSIONS,
  ...SPARSE,
  ...LOOKUPS,
  ...USER,
  ...FORKS,
  ...OBSERVE,
};

/** Whether all names that the step needs are bound. */
const bound = (state: State, step: Step): boolean =>
  step.args.every((value, i) => {
    const { type } = step.call.parameters[i];
    if (type === 'frame' || type === 'frames')
      return areasOfFrames(value as FrameId | readonly FrameId[]).every((area) => state.areas.has(area));
    if (typeof value !== 'object' || !('base' in value)) return true;
    const { base, index }: Address = value;
    if (base === 'm') return state.children.has(index);
    return (base !== 'a' || state.areas.has(index)) && (base !== 'v' || state.vmas.has(index));
  });

/** Whether a step is of one of the calls. */
const isOf = <N extends CallName>(step: Step, ...names: readonly N[]): step is StepOf<N> =>
  (names as readonly CallName[]).includes(step.call.name);

/** Whether a real kernel may warn about the step in its log: it asks for nothing, or unmaps an unknown address. */
function mayWarn(world: World, step: Step): boolean {
  if (isOf(step, 'vunmap', 'vfree')) {
    const { base, offset } = step.args[0];
    return base === 'hole' || (base === 'a' && offset !== 0 && world.traits.unmap_interior === 'ignored');
  }
  if (isOf(step, 'vmap')) return step.args[1]?.includes('null') ?? false;
  if (isOf(step, 'vm_map_ram')) return step.args[0].length === 0;
  return isOf(step, 'vmalloc', 'vzalloc', 'vmalloc_user', 'vmalloc_huge') && step.args[0] === 0;
}

/** The name of the child in which a step runs; undefined where it runs in the parent. */
function childOf({ call: { parameters }, args }: Step): number | undefined {
  const at = parameters.findIndex(({ name }) => name === 'in');
  return (args[at] as Address | undefined)?.index;
}

/** All states that the machine can be in after a step in `state` had this outcome. */
export function step(world: World, before: State, taken: Step, outcome: Outcome): State[] {
  const child = childOf(taken);
  if (child === undefined || !before.children.has(child)) return stepHere(world, before, taken, outcome);
  if (!before.children.get(child)) undefinedBehaviour('a step in a child that has ended');
  return stepHere(world, elsewhere(before), taken, outcome).map(elsewhere);
}

/** The same for a step in the address space that has the `vmas` of the state. */
function stepHere(world: World, before: State, taken: Step, outcome: Outcome): State[] {
  const state = attempt(world, before, taken);
  if (outcome.kind === 'unsupported') return [state];
  if (!bound(state, taken)) return outcome.kind === 'skipped' ? [state] : [];
  if (outcome.kind === 'skipped') return [];
  if (outcome.kind === 'warn') return mayWarn(world, taken) ? [state] : [];
  const explained = explainShortage(world, state, taken, outcome);
  return explained ? RULES[taken.call.name](world, explained, taken, outcome) : [];
}

/** The same for all states that it may have been in; each resulting state once. */
export function stepAll(world: World, states: readonly State[], taken: Step, outcome: Outcome): State[] {
  const reached = new Map<string, State>();
  for (const state of states) for (const next of step(world, state, taken, outcome)) reached.set(key(next), next);
  return [...reached.values()];
}

/**
 * The index of the first step whose outcome no run of the machine explains; undefined if the whole trace is allowed.
 * @throws UndefinedBehaviour if the program does something that the contract does not define.
 */
export function unexplained(world: World, trace: Trace): number | undefined {
  if (trace.program.blocks.length > 0) throw new Error('the naive specification does not support parallel blocks');
  let states: State[] = [initial(world)];
  for (let i = 0; i < trace.outcomes.length; i++) {
    states = stepAll(world, states, trace.program.steps[i], trace.outcomes[i]);
    if (states.length === 0) return i;
  }
  // However the machine got here, nothing may be left over.
  return trace.leaks?.length ? trace.outcomes.length - 1 : undefined;
}
