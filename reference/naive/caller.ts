import { type FrameId, isPoolFrame } from '../notation/frame.ts';
import type { Outcome } from '../notation/outcome.ts';
import { after, type State } from './state.ts';

/** The rules of translations where callers flush (`tlb=caller`, `user_tlb=caller`). */

/** A page was emptied: every CPU may keep the translation. */
export function keepStale(next: State, page: number, frame: FrameId, writable: boolean): void {
  for (const cpu of next.tlb.keys()) {
    const held = next.stale.get(`${cpu}/${page}`) ?? [];
    const known = held.some((one) => one.frame === frame && one.writable === writable);
    if (!known) next.stale.set(`${cpu}/${page}`, [...held, { frame, writable }]);
  }
}

/** A page was filled: a CPU sees it for certain only after it has flushed. */
export function hide(next: State, page: number): void {
  for (const cpu of next.tlb.keys()) next.unseen.add(`${cpu}/${page}`);
}

/** The CPU flushed its TLB. */
export function flushed(next: State, cpu: number): void {
  // Those of both address spaces.
  const flushes = (at: string): boolean => Number(at.split('/')[0]) % (next.tlb.length / 2) === cpu;
  for (const at of [...next.stale.keys()]) if (flushes(at)) next.stale.delete(at);
  for (const at of [...next.unseen]) if (flushes(at)) next.unseen.delete(at);
}

/** What a CPU sees at a page. */
export interface Sight {
  readonly cpu: number;
  readonly page: number;
  /** What the page tables have there; undefined if nothing. */
  readonly mapped: FrameId | undefined;
  /** The access is a write, and the page tables forbid it. */
  readonly readOnly: boolean;
  readonly write: boolean;
  /** The page belongs to something live of the program. */
  readonly taken: boolean;
  /** It is a page of the kernel window, where other code may map its own memory in between. */
  readonly kernel: boolean;
  /** The frame that was reached was never mapped there by the program. */
  readonly foreign: boolean;
}

/**
 * The states after an access with this outcome; an empty list if the CPU cannot have seen it.
 * @param reach what follows where the CPU reached a frame.
 */
export function see(state: State, sight: Sight, outcome: Outcome, reach: (frame: FrameId) => State[]): State[] {
  const { cpu, page, mapped, readOnly, write, taken, kernel, foreign } = sight;
  const at = `${cpu}/${page}`;
  const hidden = state.unseen.has(at);
  if (outcome.kind === 'fault') {
    if (mapped !== undefined && !hidden && !readOnly) return [];
    // A write through a translation that is read-only faults, too.
    const kept = (state.stale.get(at) ?? []).filter(({ writable }) => write && !writable);
    return after(state, (next) => (kept.length > 0 ? next.stale.set(at, kept) : next.stale.delete(at)));
  }
  if (outcome.kind === 'other') return taken && !(kernel && mapped !== undefined && hidden) ? [] : [state];
  if (outcome.kind !== 'frame') return [];
  if (mapped === outcome.value && !readOnly) return reach(mapped);
  const held = state.stale.get(at) ?? [];
  if (held.some((one) => one.frame === outcome.value && (!write || one.writable))) return reach(outcome.value);
  return kernel && foreign && !taken && !isPoolFrame(outcome.value) ? [state] : [];
}
