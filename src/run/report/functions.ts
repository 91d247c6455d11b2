import type { OpenTarget } from '../../targets/open.ts';

/** Which functions of the implementation the programs of a run entered. */
export interface FunctionCoverage {
  /** How many functions the target watches. */
  readonly watched: number;
  /** Names of those that no program entered, in alphabetical order. */
  readonly never: readonly string[];
}

/** What a target has seen of its functions so far, as a field of the report; no field if it watches none. */
export function functionCoverage(target: Pick<OpenTarget, 'manifest' | 'entered'>): { functions?: FunctionCoverage } {
  const { functions = [] } = target.manifest;
  if (functions.length === 0) return {};
  const entered = target.entered?.();
  return { functions: { watched: functions.length, never: functions.filter((name) => !entered?.has(name)).sort() } };
}

/** The same of a whole run: a function was never entered if no shard entered it. No field if a shard does not say. */
export function mergeFunctions(reports: readonly { readonly functions?: FunctionCoverage }[]): {
  functions?: FunctionCoverage;
} {
  const all = reports.flatMap(({ functions }) => (functions ? [functions] : []));
  if (all.length < reports.length) return {};
  const [first, ...others] = all;
  const never = first.never.filter((name) => others.every((other) => other.never.includes(name)));
  return { functions: { watched: first.watched, never } };
}
