import { type MappedRange, NOTHING, type PageState } from '../../../reference/model/view.ts';
import { printFrame } from '../../../reference/notation/frame.ts';
import { printFrames } from '../../../reference/notation/print.ts';
import type { EntryState } from './translations.ts';

/**
 * - `live`: an area, or a VMA with pages that are mapped.
 * - `empty`: a VMA in which nothing is mapped. Areas are never empty.
 * - `ended`: its unmapping call has returned; translations may linger, or a worker has yet to unmap it.
 * - `gone`: no CPU may use a translation of it any more.
 */
export type RangeState = 'live' | 'empty' | 'ended' | 'gone';

/** A range at one moment. It is the same object as before if nothing changed. */
export interface RangeView {
  readonly state: RangeState;
  /** What each page maps. */
  readonly frames: readonly PageState[];
}

/** The state at one moment: by name of the range, and by key of the translation. */
export interface State {
  readonly ranges: ReadonlyMap<string, RangeView>;
  readonly entries: ReadonlyMap<string, EntryState>;
}

/** The state before anything happened. */
export const NO_STATE: State = { ranges: new Map(), entries: new Map() };

/** Copies what the model knows now of all ranges. */
export function lookAt(ranges: readonly MappedRange[], before: State): Map<string, RangeView> {
  return new Map(ranges.map((range) => [range.name, lookAtRange(range, before.ranges.get(range.name))]));
}

function lookAtRange(range: MappedRange, before: RangeView | undefined): RangeView {
  const state = stateOf(range);
  const { frames } = range;
  if (!before) return { state, frames };
  const same = sameFrames(before.frames, frames);
  if (same && before.state === state) return before;
  return { state, frames: same ? before.frames : frames };
}

function stateOf(range: MappedRange): RangeState {
  if (range.live) return isVma(range) && mapsNothing(range.frames) ? 'empty' : 'live';
  for (let page = 0; page < range.pages; page++) if (range.lingers(page)) return 'ended';
  return 'gone';
}

/** True for a user VMA, false for a kernel area. */
export const isVma = ({ name }: Pick<MappedRange, 'name'>): boolean => name.startsWith('v');

/** True if no page maps anything. */
export const mapsNothing = (pages: readonly PageState[]): boolean => pages.every((page) => page === NOTHING);

const sameFrames = (before: readonly PageState[], now: readonly PageState[]): boolean =>
  before === now || before.every((page, at) => samePage(page, now[at]));

const samePage = (one: PageState, other: PageState): boolean =>
  one === other ||
  (typeof one === 'object' &&
    typeof other === 'object' &&
    one.length === other.length &&
    one.every((frame, at) => frame === other[at]));

/** What one page maps: `f0`, `-` for nothing, `f0|-` if it may be either. */
export function printPage(page: PageState): string {
  if (typeof page === 'number') return page === NOTHING ? '-' : printFrame(page);
  const frames = page.filter((frame) => frame !== NOTHING).map(printFrame);
  return [...frames, ...(page.includes(NOTHING) ? ['-'] : [])].join('|');
}

/** What pages map: `f0..f3`, `f0 - f2`, `f0|- f2`. */
export function printMapped(pages: readonly PageState[]): string {
  const words: string[] = [];
  for (let i = 0; i < pages.length; ) {
    const kind = kindOf(pages[i]);
    let end = i + 1;
    while (kind !== 'unsure' && end < pages.length && kindOf(pages[end]) === kind) end++;
    if (kind === 'frame') words.push(printFrames(pages.slice(i, end) as number[]));
    else words.push(end - i > 1 ? `-x${end - i}` : printPage(pages[i]));
    i = end;
  }
  return words.join(' ');
}

const kindOf = (page: PageState): 'frame' | 'nothing' | 'unsure' =>
  typeof page !== 'number' ? 'unsure' : page === NOTHING ? 'nothing' : 'frame';

/** True if what the page maps depends on the order of overlapping calls. */
export const isUnsure = (page: PageState): boolean => typeof page !== 'number';
