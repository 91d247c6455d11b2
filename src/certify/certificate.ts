import { grouped } from '../report/text.ts';

/** How sure it is that a counterexample is the shortest. */
export interface Certificate {
  /** Every shorter program over the counterexample's own calls and arguments was tried, and none fails this way. */
  readonly certified: boolean;
  /** All programs of up to so many steps were tried. */
  readonly steps: number;
  /** Programs that were tried. */
  readonly tried: number;
  /** What it says, in words. */
  readonly text: string;
}

/** The words of a certificate. */
export function certificateText(
  { certified, steps, tried }: Omit<Certificate, 'text'>,
  { bulk, parallel }: { bulk: boolean; parallel: boolean },
): string {
  if (parallel) return 'not certified: the program has a parallel block';
  const over = bulk ? 'over these calls, like calls in a row counted as one,' : 'over these calls';
  if (certified) return `certified: no shorter program ${over} fails this way (${grouped(tried)} tried)`;
  if (steps === 0) return `not certified: the budget ended before anything was tried in full (${grouped(tried)} tried)`;
  const upTo = steps === 1 ? '1 step' : `up to ${steps} steps`;
  return `not certified: no program of ${upTo} ${over} fails this way (${grouped(tried)} tried, then the budget ended)`;
}
