import type { Trace } from '../../../reference/judge/judge.ts';

/**
 * What the offending answer means in a parallel block depends on which steps had returned before which were called.
 * An export judges a run only where this order was the trace's own.
 */

/** Pairs of steps of one block, on different CPUs, of which the first had returned before the second was called. */
export function precedences({ program, times }: Trace): readonly (readonly [number, number])[] {
  const pairs: [number, number][] = [];
  for (const { start, end } of program.blocks) {
    for (let first = start; first < end; first++) {
      for (let second = start; second < end; second++) {
        const [one, other] = [times?.[first], times?.[second]];
        if (!one || !other || program.steps[first].cpu === program.steps[second].cpu) continue;
        if (one.returned < other.called) pairs.push([first, second]);
      }
    }
  }
  return pairs;
}
