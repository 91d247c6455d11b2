import { eagerVmap } from '../../../fixtures/simulator/implementations/eager/index.ts';
import type { Implementation } from '../../../fixtures/simulator/implementations/implementation.ts';
import { lazyVmap } from '../../../fixtures/simulator/implementations/lazy-vmap/index.ts';
import { UNUSUAL } from '../../../fixtures/simulator/implementations/unusual/index.ts';
import { MUTANTS, type Mutant } from '../../../fixtures/simulator/mutants/index.ts';
import { EmbeddedTarget } from './embedded.ts';

/** The conforming implementations, by name. */
const MAKERS: Readonly<Record<string, () => Implementation>> = { lazy: lazyVmap, eager: eagerVmap };

/** Names of the conforming implementations with usual traits. */
export const IMPLEMENTATIONS: readonly string[] = Object.keys(MAKERS);

/** Names of the conforming implementations that each have one unusual trait. */
export const UNUSUAL_IMPLEMENTATIONS: readonly string[] = UNUSUAL.map(({ name }) => name);

/** Names and summaries of the unusual implementations. The summary says what is unusual. */
export const listUnusual = () => UNUSUAL.map(({ name, summary }) => ({ name, summary }));

/** The conforming implementation of a name; undefined if none has it. */
export function embedded(name: string): EmbeddedTarget | undefined {
  const make = Object.hasOwn(MAKERS, name) ? MAKERS[name] : UNUSUAL.find((one) => one.name === name)?.make;
  return make && new EmbeddedTarget(make());
}

/** All mutants of the implementations with usual traits. */
export const listMutants = (): readonly Mutant[] => MUTANTS;

/** The mutants of the implementations with an unusual trait. `also`: the other clauses that they break. */
export const listUnusualMutants = () =>
  UNUSUAL.map(({ fault: { name, summary, breaks } }) => ({ name, breaks: breaks[0], also: breaks.slice(1), summary }));

/** Names of all mutants. */
export const mutantNames = (): string[] => [...MUTANTS, ...listUnusualMutants()].map(({ name }) => name);

/** The mutant of a name: an implementation with one seeded fault. Undefined if none has the name. */
export function mutant(name: string): EmbeddedTarget | undefined {
  const known = [...MUTANTS, ...UNUSUAL.map(({ fault }) => fault)].find((one) => one.name === name);
  return known ? new EmbeddedTarget({ ...known.make(), name: `mutant ${name}` }) : undefined;
}

export { EmbeddedTarget } from './embedded.ts';
