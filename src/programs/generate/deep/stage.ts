import { type Random, shuffled } from '../random.ts';

/** How to get a structure to just before a phase, and the kind of step that then changes the phase. */
export interface Stage {
  /** Things to add first. */
  readonly adds: number;
  /** Things to give back then. */
  readonly removes: number;
  /** What changes the phase: one more is added, or given back. */
  readonly last: 'add' | 'remove';
}

/** How many things count as some. */
const SOME: readonly number[] = [2, 3, 3, 4, 5, 8, 9];

/**
 * The way to a phase of a structure that things are added to and given back from. `full`: how many things fill it;
 * undefined if it is never full. `many`: how many are many.
 */
export function stageOf(random: Random, phase: string, full: number | undefined, many = 0): Stage {
  const some = (least: number): number => full ?? Math.max(least, random.of(SOME));
  switch (phase) {
    case 'one':
      return { adds: 0, removes: 0, last: 'add' };
    case 'some':
      return {
        adds: full === undefined ? some(1) - 1 : random.between(1, Math.max(1, full - 3)),
        removes: 0,
        last: 'add',
      };
    case 'many':
      return { adds: many - 1, removes: 0, last: 'add' };
    case 'all-but-one':
      return { adds: Math.max(0, some(2) - 2), removes: 0, last: 'add' };
    case 'full':
      return { adds: some(1) - 1, removes: 0, last: 'add' };
    case 'one-given-back':
      return { adds: some(2), removes: 0, last: 'remove' };
    case 'all-but-one-given-back': {
      const adds = some(3);
      return { adds, removes: Math.max(0, adds - 2), last: 'remove' };
    }
    case 'emptied': {
      const adds = some(2);
      return { adds, removes: Math.max(0, adds - 1), last: 'remove' };
    }
    default:
      throw new Error(`there is no known way to reach the phase ${phase}`);
  }
}

/** The order in which things are given back: as they were added, the other way round, or any. */
export function leavingOrder<T>(random: Random, added: readonly T[]): T[] {
  const order = random.of(['first', 'last', 'any']);
  if (order === 'any') return shuffled(random, [...added]);
  return order === 'first' ? [...added] : [...added].reverse();
}

/**
 * The things to look at before the phase changes, the most important one last: what the change gives back, what is given
 * back first, and some that stay.
 */
export function watched<T>(
  random: Random,
  added: readonly T[],
  leaving: readonly T[],
  removes: number,
  last: Stage['last'],
): T[] {
  if (added.length === 0) return [];
  const chosen = last === 'remove' ? leaving.slice(removes, removes + 1) : [];
  if (removes > 0) chosen.push(leaving[0]);
  chosen.push(random.of(added), added[added.length - 1], added[0]);
  return [...new Set(chosen)].slice(0, 3).reverse();
}
