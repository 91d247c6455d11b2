import { failureOf } from '../../src/findings/execution.ts';
import { generator } from '../../src/programs/generate/index.ts';
import { agree } from '../../src/targets/agreement.ts';
import type { OpenTarget } from '../../src/targets/open.ts';
import { firstFailure } from '../first-failure.ts';

/** How lanes overlap: they are preempted inside calls, or they wait at random places for random times. */
export const WAYS = ['schedules', 'delays'] as const;
export type Way = (typeof WAYS)[number];

/** Which run it is: one race, one way to overlap, one seed. */
export interface RunId {
  readonly race: string;
  readonly way: Way;
  readonly seed: number;
}

/** A run until the first program that fails or until the time is up. */
export interface Run extends RunId {
  /** Clause, call and kind of outcome of the first failure; null if no program failed. */
  readonly found: string | null;
  readonly programs: number;
  /** Steps that were executed and judged. */
  readonly steps: number;
  /** Time by the clock, in seconds: the kernel runs in another process. */
  readonly seconds: number;
}

/** When a run ends although no program failed. */
export interface Limits {
  /** By the clock. */
  readonly seconds: number;
  /** Executed and judged. */
  readonly steps: number;
}

/** A kernel with a race, and the same kernel without it, which is opened only if it is needed. */
export interface Kernels {
  readonly faulty: OpenTarget;
  readonly stock: () => Promise<OpenTarget>;
}

/**
 * Runs the programs of one seed on a kernel with a race until one fails or a limit is reached. A program that fails
 * without the fault, too, does not count as a failure.
 */
export async function hunt(kernels: Kernels, id: RunId, limits: Limits): Promise<Run> {
  const target = kernels.faulty;
  const { manifest } = target;
  const { terms, traits } = agree(manifest);
  const can = new Set(manifest.can);
  if (id.way === 'delays') can.delete('schedule');
  const draw = generator({
    ...manifest,
    can,
    traits,
    frames: Math.min(64, manifest.frames),
    parallel: 100,
    chance: false,
  });
  const { judged, ...spent } = await firstFailure({
    ...{ target, stock: kernels.stock, terms, ...limits },
    draw: (number) => draw(id.seed, number),
  });
  return { ...id, found: (judged && failureOf(judged)) ?? null, ...spent };
}
