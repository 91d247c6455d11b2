import type { Step } from '../../../reference/calls/call.ts';
import type { Program } from '../../../reference/calls/valid.ts';
import type { Trace } from '../../../reference/judge/judge.ts';
import { lanesOf, NO_BLOCKS } from '../../../reference/notation/program.ts';
import type { Judged } from '../execution.ts';
import { firstWrong, type LocaliseOptions } from './first-wrong.ts';

/** Orders of a program's steps without overlap: by when they were called or returned, or lane after lane. */
function* inTurn({ program, times }: Trace): Generator<Program, void> {
  const [block, ...others] = program.blocks;
  if (others.length > 0) return;
  const { steps } = program;
  const within = steps.slice(block.start, block.end);
  const inOrder = (sorted: readonly Step[]): Program => ({
    ...program,
    steps: [...steps.slice(0, block.start), ...sorted, ...steps.slice(block.end)],
    blocks: NO_BLOCKS,
  });
  for (const moment of ['called', 'returned'] as const) {
    const at = (i: number): number => times?.[block.start + i]?.[moment] ?? 0;
    const order = [...within.keys()].toSorted((a, b) => at(a) - at(b));
    yield inOrder(order.map((i) => within[i]));
  }
  for (const lanes of permutations(lanesOf(steps, block)))
    yield inOrder(lanes.flatMap((cpu) => within.filter((step) => step.cpu === cpu)));
}

function* permutations<T>(values: readonly T[]): Generator<readonly T[], void> {
  if (values.length === 0) yield [];
  for (const [i, value] of values.entries())
    for (const rest of permutations(values.toSpliced(i, 1))) yield [value, ...rest];
}

/**
 * Runs the overlapping steps of a failing program one after the other, and observes the state after each step.
 * @returns a failing program without overlap, as it ran; undefined if all of them hold.
 */
export async function withoutOverlap(
  { trace, violation }: Judged,
  options: LocaliseOptions,
): Promise<Judged | undefined> {
  for (const program of inTurn(trace)) {
    const found = await firstWrong({ program, cleanUp: violation!.left !== undefined }, options);
    if (found) return found;
  }
  return undefined;
}
