import type { Call } from '../../reference/calls/call.ts';
import type { Options } from './options.ts';
import { sizesUpTo } from './sizes.ts';

/** What follows from the options alone, worked out once for all programs. */
export interface Repertoire {
  readonly options: Options;
  /** Calls that are ever drawn, and how often in an even mix. */
  readonly calls: readonly Call[];
  readonly weights: readonly number[];
  /** Positions in `calls` of those that make something, of those that only look, and of the rest. */
  readonly makers: readonly number[];
  readonly looks: readonly number[];
  /** Page counts to draw palettes from. */
  readonly sizes: readonly number[];
  readonly sides: ReadonlySet<Call['side']>;
}

/** True for calls that change nothing and tell what is at an address. */
export const isLook = (call: Call): boolean =>
  call.binds === undefined &&
  call.foresee === undefined &&
  call.parameters.some((parameter) => parameter.type === 'address') &&
  (call.outcomes.includes('frame') || call.outcomes.includes('number'));

const positions = (calls: readonly Call[], holds: (call: Call) => boolean): readonly number[] =>
  calls.flatMap((call, position) => (holds(call) ? [position] : []));

/** Sorts the calls of the options by what they are good for. */
export function repertoireOf(options: Options): Repertoire {
  const calls = options.calls.filter((call) => (call.weight ?? 10) > 0);
  return {
    options,
    calls,
    weights: calls.map((call) => (call.weight ?? 10) * (options.favour.get(call) ?? 1)),
    makers: positions(calls, (call) => call.binds !== undefined),
    looks: positions(calls, isLook),
    sizes: sizesUpTo(options.pages),
    sides: new Set(calls.map((call) => call.side)),
  };
}
