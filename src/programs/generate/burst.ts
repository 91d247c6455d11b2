import type { Mix } from './mix.ts';
import type { Random } from './random.ts';
import type { Plan } from './repertoire.ts';

/** Similar calls in a row, with one size and mostly on one CPU. They fill large data structures. */
export interface Burst {
  /** The calls, drawn in turn. */
  readonly plans: readonly Plan[];
  /** Pages of each area. */
  readonly size: number;
  /** The CPU of all steps, or -1 for a CPU of its own for each step. */
  readonly cpu: number;
  /** The next call in `plans`. */
  at: number;
  /** Steps left. */
  left: number;
}

/**
 * Draws a burst of one call, or of the last few calls of the program in turn. `done` holds the calls of the program so
 * far, `cpu` draws a CPU.
 */
export function drawBurst(random: Random, mix: Mix, done: readonly Plan[], cpu: () => number): Burst {
  const again = random.chance(25) ? done.slice(-random.between(2, 4)) : [];
  // Areas pile up, while most other calls have the same effect the second time: prefer calls that create an area.
  const makers = random.chance(70) ? mix.table.filter(({ binds }) => binds === 'a') : [];
  const plans = again.length > 0 ? again : [random.of(makers.length > 0 ? makers : mix.table)];
  return {
    plans,
    size: random.of(mix.sizes),
    cpu: random.chance(80) ? cpu() : -1,
    at: 0,
    left: random.between(4, mix.maxBurst) * plans.length,
  };
}
