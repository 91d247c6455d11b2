import { eagerVmap } from '../../../fixtures/simulator/implementations/eager/index.ts';
import type { Implementation } from '../../../fixtures/simulator/implementations/implementation.ts';
import { lazyVmap } from '../../../fixtures/simulator/implementations/lazy-vmap/index.ts';
import { MUTANTS, type Mutant } from '../../../fixtures/simulator/mutants/index.ts';
import { EmbeddedTarget } from './embedded.ts';

/** The conforming implementations, by name. */
const MAKERS: Readonly<Record<string, () => Implementation>> = { lazy: lazyVmap, eager: eagerVmap };

/** Names of the conforming implementations. */
export const IMPLEMENTATIONS: readonly string[] = Object.keys(MAKERS);

/** The conforming implementation of a name; undefined if none has it. */
export const embedded = (name: string): EmbeddedTarget | undefined =>
  Object.hasOwn(MAKERS, name) ? new EmbeddedTarget(MAKERS[name]()) : undefined;

/** All mutants. */
export const listMutants = (): readonly Mutant[] => MUTANTS;

/** Names of all mutants. */
export const mutantNames = (): string[] => MUTANTS.map((known) => known.name);

/** The mutant of a name: an implementation with one seeded fault. Undefined if none has the name. */
export function mutant(name: string): EmbeddedTarget | undefined {
  const known = MUTANTS.find((one) => one.name === name);
  return known ? new EmbeddedTarget({ ...known.make(), name: `mutant ${name}` }) : undefined;
}

export { EmbeddedTarget } from './embedded.ts';
