import { eagerVmap } from '../../../fixtures/simulator/implementations/eager/index.ts';
import type { Implementation } from '../../../fixtures/simulator/implementations/implementation.ts';
import { lazyVmap } from '../../../fixtures/simulator/implementations/lazy-vmap/index.ts';
import { MUTANTS, type Mutant } from '../../../fixtures/simulator/mutants/index.ts';
import { EmbeddedTarget } from './embedded.ts';

const MADE: Readonly<Record<string, () => Implementation>> = { lazy: lazyVmap, eager: eagerVmap };

/** Names of the conforming implementations. */
export const IMPLEMENTATIONS: readonly string[] = Object.keys(MADE);

/** A conforming implementation by name, or undefined. */
export const embedded = (name: string): EmbeddedTarget | undefined =>
  Object.hasOwn(MADE, name) ? new EmbeddedTarget(MADE[name]()) : undefined;

/** All seeded faults. */
export const listMutants = (): readonly Mutant[] => MUTANTS;

/** Names of all seeded faults. */
export const mutantNames = (): string[] => MUTANTS.map((known) => known.name);

/** An implementation with one seeded fault, or undefined. */
export function mutant(name: string): EmbeddedTarget | undefined {
  const known = MUTANTS.find((one) => one.name === name);
  return known ? new EmbeddedTarget({ ...known.make(), name: `mutant ${name}` }) : undefined;
}

export { EmbeddedTarget } from './embedded.ts';
export { type Chooser, parseSchedule, printSchedule, RoundRobin, Written } from './schedule.ts';
