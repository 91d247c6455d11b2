import type { Step } from '../../../reference/calls/call.ts';
import type { Argument } from '../../../reference/notation/signature.ts';
import { withArgument } from '../../programs/arguments.ts';
import type { Trial } from './trial.ts';
import type { Tried } from './words.ts';

/** An argument of a step of the counterexample. */
export interface Site {
  readonly trial: Trial;
  /** The step, from 0. */
  readonly index: number;
  /** The position of the argument, from 0. */
  readonly at: number;
}

export const stepOf = ({ trial, index }: Site): Step => trial.program.steps[index];

const SMALL_NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8];
const LARGE_NUMBERS = [16, 64, 256];
const MAX_NUMBER = 512;

/** Numbers of at least `least` to try instead of `own`: small ones, its neighbours, larger ones. */
export function numbersNear(own: number, least: number): number[] {
  const all = [...SMALL_NUMBERS, own - 1, own, own + 1, own + 2, 2 * own, 4 * own, ...LARGE_NUMBERS];
  return [...new Set(all)].filter((value) => value >= least && value <= MAX_NUMBER).sort((a, b) => a - b);
}

const decided = (values: readonly number[], fails: readonly (boolean | undefined)[]): Tried[] =>
  values.flatMap((value, i) => (fails[i] === undefined ? [] : [{ value, fails: fails[i] }]));

/** Tries other values of one argument. `make` turns a number into an argument. */
export async function tryNumbers(
  site: Site,
  values: readonly number[],
  make: (value: number) => Argument,
): Promise<Tried[]> {
  const { trial, index, at } = site;
  const programs = values.map((value) => trial.with(index, withArgument(stepOf(site), at, make(value))));
  return decided(values, await trial.fails(programs));
}

/** Tries other values of several arguments that change together. */
export async function tryTogether(
  trial: Trial,
  places: readonly Omit<Site, 'trial'>[],
  values: readonly number[],
  make: (value: number, old: Argument) => Argument,
): Promise<Tried[]> {
  const programs = values.map((value) =>
    trial.variant(
      trial.program.steps.map((step, i) => {
        const place = places.find(({ index }) => index === i);
        return place ? withArgument(step, place.at, make(value, step.args[place.at]!)) : step;
      }),
    ),
  );
  return decided(values, await trial.fails(programs));
}

/** Tries other arguments: whether the program fails with each; undefined for those that could not be tried. */
export function tryArguments(site: Site, others: readonly (Argument | undefined)[]): Promise<(boolean | undefined)[]> {
  const { trial, index, at } = site;
  return trial.fails(others.map((other) => trial.with(index, withArgument(stepOf(site), at, other))));
}

/** `step 2`, `steps 2 and 8`. */
export function listed(indices: readonly number[]): string {
  const numbers = indices.map((index) => index + 1);
  if (numbers.length === 1) return `step ${numbers[0]}`;
  return `steps ${numbers.slice(0, -1).join(', ')} and ${numbers[numbers.length - 1]}`;
}
