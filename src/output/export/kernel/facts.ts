import type { Step } from '../../../../reference/calls/call.ts';
import type { Address } from '../../../../reference/notation/address.ts';
import type { FrameId } from '../../../../reference/notation/frame.ts';

/** How much of everything a program needs. */

function framesOf({ call, args }: Step, page: number): number {
  let most = 0;
  args.forEach((value, i) => {
    const { type } = call.parameters[i];
    if (value === undefined) return;
    if (type === 'frame') {
      const pages =
        call.name === 'mmap' ? (args[1] as number) : call.name === 'remap_pfn_range' ? (args[3] as number) / page : 1;
      most = Math.max(most, (value as FrameId) + pages);
    }
    if (type === 'frames') for (const frame of value as readonly FrameId[]) most = Math.max(most, frame + 1);
  });
  return most;
}

/** Frames of the pool: one more than the highest that is named; at least one. */
export const framesUsed = (steps: readonly Step[], page: number): number =>
  Math.max(1, ...steps.map((step) => framesOf(step, page)));

/** Pages that calls of the program bring, and that are told apart too. */
export const broughtPages = (steps: readonly Step[], page: number): number =>
  steps.reduce((sum, { call, args }) => {
    if (call.name === 'break_cow') return sum + 1;
    return call.name === 'vmalloc' || call.name === 'vzalloc' ? sum + Math.ceil((args[0] as number) / page) : sum;
  }, 0);

/** One more than the highest number of a name. */
export const namesUsed = (steps: readonly Step[], base: 'a' | 'v' | 'o'): number =>
  Math.max(
    0,
    ...steps.map(({ call, binds }) => (call.binds === base ? binds + 1 : 0)),
    ...steps.flatMap(({ args }) =>
      args.map((value) => ((value as Address | undefined)?.base === base ? (value as Address).index + 1 : 0)),
    ),
  );
