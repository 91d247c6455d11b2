import type { Trace } from '../../../../reference/judge/judge.ts';

/**
 * What an answer means in a parallel block depends on which steps had returned before others were called. An export
 * judges a run only if this order was that of the trace.
 */

/** Pairs of steps of one block, on different CPUs, of which the first had returned before the second was called. */
function precedences({ program, times }: Trace): readonly (readonly [number, number])[] {
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

/** `in_order()`: whether the steps of all blocks ran in the order in which the answer is wrong. */
export function inOrder(trace: Trace): string {
  const pairs = precedences(trace);
  const rows = pairs.map(([first, second]) => `\t{ ${first}, ${second} },`);
  return `/* Pairs of steps of one block: the first had returned before the second was called. */
static const u16 order[][2] = {
${rows.length > 0 ? rows.join('\n') : '\t{ STEPS, STEPS },'}
};

/* Whether exactly these pairs were in order: what is allowed depends on it. */
static bool in_order(void)
{
	unsigned int i, j, k;

	for (i = 0; i < STEPS; i++) {
		for (j = 0; j < STEPS; j++) {
			bool before = false;

			if (!steps[i].block || steps[i].block != steps[j].block || steps[i].cpu == steps[j].cpu)
				continue;
			for (k = 0; k < ARRAY_SIZE(order); k++)
				before |= order[k][0] == i && order[k][1] == j;
			if (before != (returned[i] < called[j]))
				return false;
		}
	}
	return true;
}`;
}
