import type { Judgement } from './judgement.ts';

/** A program may count on this part of a window. The rest is for what lingers, for blocks, and for gaps between areas. */
const WINDOW_SHARE = 1 / 16;

/**
 * Whether the program has asked for more pages than it can count on. A call may then get no memory, and fail.
 * @param side of the addresses that the call takes; undefined if it takes none.
 */
export function asksForMuch({ asked, memory, windows }: Judgement, side: 'kernel' | 'user' | undefined): boolean {
  if (asked.kernel + asked.user > memory) return true;
  const window = side && windows.get(side);
  return window !== undefined && asked[side!] > (window.end - window.start) * WINDOW_SHARE;
}
