import type { Family } from './family.ts';
import type { Random } from './random.ts';
import type { Plan } from './repertoire.ts';

/** Two calls on VMAs whose overlap is what a program is about. */
export interface Pair {
  /** Maps frames in an existing VMA. */
  readonly fills: Plan;
  /** Takes mappings away. */
  readonly unmaps: Plan;
}

const unmapping = ({ changers, writers, enders }: Family): readonly Plan[] => [
  ...changers.filter((plan) => !writers.includes(plan)),
  ...enders,
];

/** Whether a family has both kinds of calls. */
export const canPair = (family: Family): boolean => family.fillers.length > 0 && unmapping(family).length > 0;

/** Draws a pair. All pairs are equally likely, also those with a call that only one kind of VMA allows. */
export const drawPair = (random: Random, family: Family): Pair => ({
  fills: random.of(family.fillers),
  unmaps: random.of(unmapping(family)),
});
