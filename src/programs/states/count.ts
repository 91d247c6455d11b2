import type { Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import type { Sizes } from '../../targets/sizes.ts';
import { Reached } from './fill.ts';
import { KernelStates } from './kernel-states.ts';
import { firstAddress, layoutOf } from './layout.ts';
import { SIZES } from './sizes.ts';
import { UserStates } from './user-states.ts';
import { STATES, type State, touching } from './vocabulary.ts';

/** A state, and how many programs reached it. */
export interface StateCount {
  readonly state: State;
  readonly programs: number;
}

/** What a `StateTally` has counted. */
export interface StateSnapshot {
  /** For each state, how many programs reached it, and the number of the first one, from 1. */
  readonly programs: Float64Array;
  readonly first: Float64Array;
  /** Programs that were read. */
  readonly seen: number;
}

/** For each call that touches a structure, by side: its position after a phase in `STATES`. */
const POSITIONS: Readonly<Record<'kernel' | 'user', ReadonlyMap<string, number>>> = {
  kernel: new Map(touching('kernel').map(({ name }, i) => [name, i + 1])),
  user: new Map(touching('user').map(({ name }, i) => [name, i + 1])),
};

/**
 * Counts how many programs reach each state. It reads programs as they were drawn, and takes every call to succeed, so
 * it costs the same on every target and needs no trace. Lanes of a block count as if they ran one after the other.
 */
export class StateTally {
  readonly #programs = new Float64Array(STATES.length);
  readonly #first = new Float64Array(STATES.length);
  readonly #reached: Reached;
  readonly #sizes: Sizes;
  /** In bytes. */
  readonly #page: number;
  #seen = 0;

  /** `page`: page size in bytes. */
  constructor(page: number, sizes: Sizes = SIZES) {
    this.#page = page;
    this.#sizes = sizes;
    this.#reached = new Reached(STATES.length, (state) => {
      if (this.#programs[state]++ === 0) this.#first[state] = this.#seen;
    });
  }

  /** Counts the states that one program reaches. */
  see({ steps, blocks }: Program): void {
    const reached = this.#reached;
    this.#seen++;
    reached.begin();
    const kernel = new KernelStates(reached, this.#sizes, this.#page);
    const user = new UserStates(reached, this.#sizes, this.#page);
    let at = 0;
    const run = (end: number, others?: (cpu: number, side: 'kernel' | 'user') => readonly number[]): void => {
      for (; at < end; at++) {
        const step = steps[at];
        const { side } = step.call;
        if (side === 'kernel' || side === 'user') {
          reached.others = others?.(step.cpu, side);
          if (side === 'kernel') kernel.see(step);
          else user.see(step);
        }
        if (!layoutOf(step.call).looks) continue;
        const address = firstAddress(step);
        if (!address) continue;
        reached.others = others && NONE;
        (address.base === 'a' ? kernel : user).look(address, step.cpu);
      }
      reached.others = undefined;
    };
    for (const { start, end } of blocks) {
      run(start);
      const calls: Record<'kernel' | 'user', (readonly number[])[]> = { kernel: [], user: [] };
      const others = (cpu: number, side: 'kernel' | 'user'): readonly number[] => {
        calls[side][cpu] ??= othersOf(steps, start, end, cpu, side);
        return calls[side][cpu];
      };
      run(end, others);
    }
    run(steps.length);
  }

  /** How many states at least one program reached. */
  get reached(): number {
    return this.#programs.reduce((sum, programs) => sum + (programs > 0 ? 1 : 0), 0);
  }

  /** What it has counted so far, in a form that can be sent to another thread. */
  get snapshot(): StateSnapshot {
    return { programs: this.#programs, first: this.#first, seen: this.#seen };
  }

  /** Adds what another tally has counted; its programs come after those of this one. */
  add({ programs, first, seen }: StateSnapshot): void {
    for (let i = 0; i < STATES.length; i++) {
      if (this.#programs[i] === 0 && programs[i] > 0) this.#first[i] = this.#seen + first[i];
      this.#programs[i] += programs[i];
    }
    this.#seen += seen;
  }

  /** All states in their order, with the number of programs that reached each. */
  counts(): StateCount[] {
    return STATES.map((state, i) => ({ state, programs: this.#programs[i] }));
  }

  /** The number of the first program that reached a state, from 1; 0 if none did. `state`: its place in `STATES`. */
  first(state: number): number {
    return this.#first[state];
  }
}

/** The calls of other CPUs in the steps `[start, end)`, as positions after a phase in `STATES`, each once. */
function othersOf(steps: readonly Step[], start: number, end: number, cpu: number, side: 'kernel' | 'user'): number[] {
  const found: number[] = [];
  for (let i = start; i < end; i++) {
    const position = steps[i].cpu === cpu ? undefined : POSITIONS[side].get(steps[i].call.name);
    if (position !== undefined && !found.includes(position)) found.push(position);
  }
  return found;
}

/** In a block, but with no call of another lane that matters. */
const NONE: readonly number[] = [];
