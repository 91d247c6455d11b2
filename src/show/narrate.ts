import type { FrameId } from '../../reference/notation/frame.ts';
import { printLocation } from '../../reference/notation/outcome.ts';
import { printFrames } from '../../reference/notation/print.ts';
import type { RangeView } from './story.ts';
import { type Entry, type EntryState, printEntry } from './translations.ts';
import { NOTHING, type Range } from './world.ts';

/** The state at one moment. */
export interface State {
  readonly ranges: ReadonlyMap<string, RangeView>;
  readonly entries: ReadonlyMap<string, EntryState>;
}

/** What pages map, in words: `f0..f3`, `f0 - f2`. */
export function printMapped(frames: readonly FrameId[]): string {
  const words: string[] = [];
  for (let i = 0; i < frames.length; ) {
    let end = i;
    const empty = frames[i] === NOTHING;
    while (end < frames.length && (frames[end] === NOTHING) === empty) end++;
    if (!empty) words.push(printFrames(frames.slice(i, end)));
    else words.push(end - i > 1 ? `-x${end - i}` : '-');
    i = end;
  }
  return words.join(' ');
}

function rangeNote(range: Range, before: RangeView | undefined, after: RangeView, page: number): string | undefined {
  const { name } = range;
  if (!before) {
    const at = printLocation(range.start, 0, page);
    const size = range.pages === 1 ? '1 page' : `${range.pages} pages`;
    return `${name} is born at ${at}, ${size}: ${printMapped(after.frames)}`;
  }
  if (before.state !== after.state) {
    if (after.state === 'ended') return `${name} is unmapped; old translations may linger`;
    if (before.state === 'live') return `${name} is unmapped; no CPU may reach what it mapped`;
    return `no CPU may use an old translation of ${name} any more`;
  }
  return before.frames === after.frames ? undefined : `${name} maps ${printMapped(after.frames)} now`;
}

/** What happened between two states, in sentences without a full stop. */
export function narrate(
  ranges: readonly Range[],
  entries: readonly Entry[],
  before: State,
  after: State,
  page: number,
): string[] {
  const notes: string[] = [];
  for (const range of ranges) {
    const view = after.ranges.get(range.name);
    const note = view && rangeNote(range, before.ranges.get(range.name), view, page);
    if (note) notes.push(note);
  }
  for (const entry of entries) {
    const was = before.entries.get(entry.key);
    const is = after.entries.get(entry.key);
    if (was === is) continue;
    const who = `CPU ${entry.cpu}`;
    if (is === 'held') notes.push(`${who} uses the translation ${printEntry(entry)}`);
    else if (is === 'stale') notes.push(`${who} may still hold ${printEntry(entry)}`);
    else if (is === 'wrong') notes.push(`${who} still uses ${printEntry(entry)}, which it must not reach here`);
    else notes.push(`${who} no longer holds ${printEntry(entry)}`);
  }
  return notes;
}
